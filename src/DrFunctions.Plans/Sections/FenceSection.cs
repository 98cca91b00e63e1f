using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads a store's fence: the word of a kind, or a map with <c>kind</c> and the kind's fields.</summary>
internal static class FenceSection
{
    private static readonly StoresSection NoStores = new([], [], []);
    private static readonly List<string> All = [.. FenceCatalog.All.Select(kind => kind.Name)];

    /// <summary>Kinds that need no more than their word.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. FenceCatalog.All.Where(kind => kind.Fields.Count == 0).Select(kind => kind.Name)];

    /// <summary>The keys of the map of one kind.</summary>
    public static MapKeys Keys(FenceKind kind)
    {
        var keys = StepFieldReader.Keys($"fence-{kind.Name}", kind.Fields);
        return keys with { Required = ["kind", .. keys.Required] };
    }

    /// <summary>Reads it; null when something is wrong, which was reported.</summary>
    public static StoreFence? Read(Field? field)
    {
        if (field?.IsMap != true)
        {
            return field?.OneOf(All) is not { } word ? null
                : Words.Contains(word) ? FenceCatalog.Find(word)!.Build(Nothing) // one of all
                : field.Refuse<StoreFence>(word, $"a map: {{ kind: {word}, {string.Join(", ", FenceCatalog.Find(word)!.Fields.Where(one => one.IsRequired).Select(one => $"{one.Name}: …"))} }}"); // one of all
        }

        if (field.Map()?["kind"] is not { } named)
        {
            field.Report($"has no kind; expected kind: {string.Join(" or ", All)}.");
            return null;
        }

        return named.OneOf(All) is { } name && FenceCatalog.Find(name) is { } kind && field.Map(Keys(kind)) is { } fields
            && StepFieldReader.Read(fields, kind.Fields, NoStores) is { } values
                ? kind.Build(new StepFieldValues(values))
                : null;
    }

    private static StepFieldValues Nothing => new(new Dictionary<string, object>());
}
