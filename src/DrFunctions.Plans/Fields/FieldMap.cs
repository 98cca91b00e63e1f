using DrFunctions.Plans.Documents;

namespace DrFunctions.Plans.Fields;

/// <summary>A map of a plan.</summary>
internal sealed class FieldMap(YamlMap map, string path, MistakeList mistakes)
{
    /// <summary>Keys with their values, in the order of the text.</summary>
    public IEnumerable<(string Key, Place At, Field Value)> Entries =>
        map.Entries.Select(entry => (entry.Key, entry.At, new Field(entry.Value, FieldPath.Key(path, entry.Key), mistakes)));

    /// <summary>The value of a key, or null.</summary>
    public Field? this[string key] => Entries.FirstOrDefault(entry => entry.Key == key).Value;

    /// <summary>Reports a mistake at the map, which its path names.</summary>
    public void Report(string message) => mistakes.Add(map.At, path, message);

    /// <summary>Reports a mistake at one key of the map.</summary>
    public void Report(string key, Place at, string message) => mistakes.Add(at, FieldPath.Key(path, key), message);

    public static FieldMap Checked(YamlMap map, string path, MistakeList mistakes, MapKeys keys)
    {
        var fields = new FieldMap(map, path, mistakes);
        var present = map.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var key in keys.Required.Where(key => !present.Contains(key)))
        {
            mistakes.Add(map.At, FieldPath.Key(path, key), $"{key} is missing; '{keys.Name}' needs it.");
        }

        var known = keys.All.ToList();
        var free = known.Where(key => !present.Contains(key)).ToList();
        foreach (var entry in map.Entries.Where(entry => !known.Contains(entry.Key)))
        {
            fields.Report(entry.Key, entry.At, $"{Shown.Key(entry.Key)} is no key of '{keys.Name}'; {Spelling.Hint(entry.Key, known, free)}");
        }

        return fields;
    }
}
