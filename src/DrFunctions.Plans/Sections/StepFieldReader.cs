using System.Text.RegularExpressions;
using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads the fields of steps as their kinds describe them.</summary>
internal static class StepFieldReader
{
    /// <summary>The keys of a map with these fields.</summary>
    public static MapKeys Keys(string name, IReadOnlyList<StepField> fields, params string[] more) => new(
        name,
        [.. fields.Where(field => field.IsRequired).Select(field => field.Name)],
        [.. fields.Where(field => !field.IsRequired).Select(field => field.Name), .. more]);

    /// <summary>The values of a map whose keys were checked; null when one is missing or wrong.</summary>
    public static IReadOnlyDictionary<string, object>? Read(FieldMap map, IReadOnlyList<StepField> fields, StoresSection stores)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        var isWhole = true;
        foreach (var field in fields)
        {
            if (map[field.Name] is not { } written)
            {
                isWhole &= !field.IsRequired;
            }
            else if (Read(written, field, stores) is { } value)
            {
                values[field.Name] = value;
                if (field.IsForRetry && !written.IsFromRetry)
                {
                    written.ReportRule($"stands in the plan, where every run for ever would use it; expected it in a retry only: dr run retry RUN STEP --set {field.Name}=….");
                }
            }
            else
            {
                isWhole = false;
            }
        }

        return isWhole ? values : null;
    }

    private static object? Read(Field written, StepField field, StoresSection stores) => field.Type switch
    {
        StepFieldType.Role => written.OneOf(Choices.Roles),
        StepFieldType.Store => stores.ReferContainer(written),
        StepFieldType.Setting => Names.Setting(written),
        StepFieldType.Resource => written.Resource(field.ResourceType),
        StepFieldType.Duration => written.Duration(field.LeastDuration, field.MostDuration),
        StepFieldType.Url => written.Url(),
        StepFieldType.Tcp => written.TcpTarget(),
        StepFieldType.Text => Text(written, field),
        StepFieldType.Json => written.Json(field.Most),
        StepFieldType.Number => written.Integer(field.Least, field.Most),
        StepFieldType.Boolean => written.Boolean(),
        StepFieldType.Choice => written.OneOf(field.Choices),
        StepFieldType.List => List(written, field, stores),
        StepFieldType.Map => Map(written, field, stores),
        StepFieldType.Table => Table(written, field, stores),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Type, "This type of field is not read yet."),
    };

    private static string? Text(Field written, StepField field)
    {
        var expected = field.Expected ?? "text";
        var text = field.Shape is { } shape
            ? written.Text(new Regex(shape, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking), expected)
            : written.Text(expected);
        return text is null || text.Length <= field.Most ? text : written.Refuse<string>(text, $"at most {field.Most} characters");
    }

    private static List<object>? List(Field written, StepField field, StoresSection stores)
    {
        if (written.List() is not { } items)
        {
            return null;
        }

        if (items.Count > field.Most)
        {
            written.Report($"has {items.Count} items; expected at most {field.Most}.");
            return null;
        }

        var values = items.Select(item => Read(item, field.Item!, stores)).ToList(); // A list has an item.
        return values.Contains(null) ? null : [.. values.OfType<object>()];
    }

    private static StepFieldValues? Map(Field written, StepField field, StoresSection stores) =>
        written.Map(Keys(field.Name, field.Fields)) is { } map && Read(map, field.Fields, stores) is { } values
            ? new StepFieldValues(values)
            : null;

    private static Dictionary<string, object>? Table(Field written, StepField field, StoresSection stores)
    {
        if (written.Map() is not { } map)
        {
            return null;
        }

        var entries = map.Entries.ToList();
        if (entries.Count > field.Most)
        {
            written.Report($"has {entries.Count} keys; expected at most {field.Most}.");
            return null;
        }

        var values = entries.Select(entry => KeyValuePair.Create(entry.Key, Read(entry.Value, field.Item!, stores))).ToList(); // A table has an item.
        return values.Any(pair => pair.Value is null) ? null : values.ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
    }
}
