using DrFunctions.Recovery.Steps;

namespace DrFunctions.Plans.Documents;

/// <summary>Changes fields of one step in a plan's nodes, so that the changed plan is read and checked like any other.</summary>
internal static class StepChange
{
    /// <summary>The changed document; null when the runbook has no such step of its own.</summary>
    public static YamlNode? Apply(YamlNode root, string runbook, string step, IReadOnlyDictionary<string, string> fields) =>
        Inside(root, "runbooks", books => Inside(books, runbook, steps => OfStep(steps, step, fields)));

    private static YamlMap? Inside(YamlNode node, string key, Func<YamlNode, YamlNode?> change) =>
        node is YamlMap map && map.Entries.FirstOrDefault(entry => entry.Key == key) is { } found && change(found.Value) is { } changed
            ? map with { Entries = [.. map.Entries.Select(entry => entry.Key == key ? entry with { Value = changed } : entry)] }
            : null;

    // The first that bears the name; names are unique in a plan that was applied.
    private static YamlNode? OfStep(YamlNode node, string step, IReadOnlyDictionary<string, string> fields) => node switch
    {
        YamlList list => OfList(list, step, fields),
        YamlMap map => OfMap(map, step, fields),
        _ => null,
    };

    private static YamlList? OfList(YamlList list, string step, IReadOnlyDictionary<string, string> fields)
    {
        for (var index = 0; index < list.Items.Count; index++)
        {
            if (OfStep(list.Items[index], step, fields) is { } changed)
            {
                return list with { Items = [.. list.Items.Take(index), changed, .. list.Items.Skip(index + 1)] };
            }
        }

        return null;
    }

    private static YamlMap? OfMap(YamlMap map, string step, IReadOnlyDictionary<string, string> fields)
    {
        foreach (var entry in map.Entries)
        {
            var changed = entry.Value is YamlMap body && NameOf(entry.Key, body) == step
                ? With(body, fields)
                : OfStep(entry.Value, step, fields);
            if (changed is not null)
            {
                return Inside(map, entry.Key, _ => changed);
            }
        }

        return null;
    }

    private static string? NameOf(string key, YamlMap body) => StepKindCatalog.Find(key) is null
        ? null
        : (body.Entries.FirstOrDefault(entry => entry.Key == "name")?.Value as YamlScalar)?.Value ?? key;

    private static YamlMap With(YamlMap body, IReadOnlyDictionary<string, string> fields) => body with
    {
        Entries =
        [
            .. body.Entries.Where(entry => !fields.ContainsKey(entry.Key)),
            .. fields.Select(field => new YamlEntry(body.At, field.Key, new YamlScalar(body.At, field.Value, IsPlain: true) { IsFromRetry = true })),
        ],
    };
}
