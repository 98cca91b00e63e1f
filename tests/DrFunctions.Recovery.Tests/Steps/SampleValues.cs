using System.Text.Json;
using System.Text.RegularExpressions;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Tests.Steps;

/// <summary>Makes a step of a kind from what its fields say.</summary>
internal static class SampleValues
{
    private static readonly string[] s_texts = ["shop", "a", "1", "2026-01-01", "application/json", "https://hooks.example.org/", "Standard_D2s_v3", "P1v3"];

    public static RunbookStep Build(StepKind kind)
    {
        var values = new StepFieldValues(Values(kind.Fields));
        return kind.Build(new StepFieldValues(Values(kind.Fields)) { Name = kind.Name, Timeout = kind.UsualTimeoutOf(values) });
    }

    private static Dictionary<string, object> Values(IEnumerable<StepField> fields) => fields.ToDictionary(field => field.Name, Value);

    private static object Value(StepField field) => field.Type switch
    {
        StepFieldType.Role => RegionRole.Secondary,
        StepFieldType.Store => "files",
        StepFieldType.Setting => "SHOP_SECONDARY",
        StepFieldType.Resource => Resource(field.ResourceType ?? "Microsoft.Web/sites"),
        StepFieldType.Duration => field.LeastDuration,
        StepFieldType.Url => new Uri("https://hooks.example.org/"),
        StepFieldType.Tcp => new Uri("tcp://db.example.org:5432"),
        StepFieldType.Text => s_texts.First(text => field.Shape is not { } shape || Regex.IsMatch(text, shape)),
        StepFieldType.Json => JsonSerializer.SerializeToElement("shop"),
        StepFieldType.Number => field.Least,
        StepFieldType.Boolean => true,
        StepFieldType.Choice => field.Choices[0],
        StepFieldType.List => new List<object> { Value(field.Item!) }, // A list has an item.
        StepFieldType.Map => new StepFieldValues(Values(field.Fields)),
        StepFieldType.Table => new Dictionary<string, object>(),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Type, "This type of field has no sample yet."),
    };

    private static ResourceId Resource(string type)
    {
        var parts = type.Split('/');
        return ResourceId.Parse(
            $"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/{parts[0]}/{string.Join('/', parts.Skip(1).Select(part => $"{part}/one"))}");
    }
}
