using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Plans.Sections;

/// <summary>One step: where it was written, its name if that is known, and the step if it could be read.</summary>
internal sealed record StepSection(Field Field, string? Name, RunbookStep? Step)
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(1);

    /// <summary>True when the step is another runbook's, and <see cref="Field"/> is where that one was put in.</summary>
    public bool IsInlined { get; init; }

    /// <summary>Reads a step that stands in a group.</summary>
    public static StepSection Read(Field item, StoresSection stores) =>
        OnlyKey(item, [.. StepKindCatalog.All.Select(kind => kind.Name)]) is (var kind, var field)
            ? ReadKind(kind, field, stores)
            : new StepSection(item, null, null);

    /// <summary>The only known key of a map and its value; reports what else is there.</summary>
    public static (string Key, Field Value)? OnlyKey(Field item, IReadOnlyList<string> kinds)
    {
        if (item.Map() is not { } map)
        {
            return null;
        }

        var entries = map.Entries.ToList();
        foreach (var (key, at, _) in entries.Where(entry => !kinds.Contains(entry.Key)))
        {
            map.Report(key, at, RunbookItem.Keys.Contains(key)
                ? $"{key} stands in a group; expected steps only."
                : $"{Shown.Key(key)} is no kind of step; {Spelling.Hint(key, kinds)}");
        }

        var known = entries.Where(entry => kinds.Contains(entry.Key)).ToList();
        if (entries.Count == 0 || known.Count > 1)
        {
            item.Report($"has {entries.Count} keys; expected one, the step's kind: {string.Join(", ", kinds)}.");
        }

        return known.Count == 1 ? (known[0].Key, known[0].Value) : null;
    }

    /// <summary>Reads the fields of a step of a known kind.</summary>
    public static StepSection ReadKind(string name, Field field, StoresSection stores)
    {
        var kind = StepKindCatalog.All.Single(kind => kind.Name == name);
        return field.Map(PlanKeys.Of(kind)) is { } fields ? Read(kind, field, fields, stores) : new StepSection(field, null, null);
    }

    private static StepSection Read(StepKind kind, Field field, FieldMap fields, StoresSection stores)
    {
        var name = fields["name"] is { } written ? Names.Step(written) : kind.Name;
        var values = StepFieldReader.Read(fields, kind.Fields, stores);
        var timeout = fields["timeout"] is { } limit ? limit.Duration(kind.LeastTimeout, Most)
            : values is not null ? kind.UsualTimeoutOf(new StepFieldValues(values))
            : null;
        var drill = fields["drill"]?.Boolean();
        if (name is null || timeout is null || values is null || (drill is null && fields["drill"] is not null))
        {
            return new StepSection(field, name, null);
        }

        var step = Build(kind, new StepFieldValues(values) { Name = name, Timeout = timeout.Value }, field, fields);
        return new StepSection(field, name, step is null ? null : step with { RunsInDrill = drill });
    }

    private static RunbookStep? Build(StepKind kind, StepFieldValues values, Field field, FieldMap fields)
    {
        var step = kind.Build(values);
        foreach (var (key, message) in values.Mistakes)
        {
            (fields[key] ?? field).Report(message);
        }

        return values.Mistakes.Count == 0 ? step : null;
    }
}
