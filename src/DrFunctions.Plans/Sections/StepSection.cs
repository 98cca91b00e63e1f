using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Plans.Sections;

/// <summary>One step: where it was written, its name if that is known, and the step if it could be read.</summary>
internal sealed record StepSection(Field Field, string? Name, RunbookStep? Step)
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(1);

    public static StepSection Read(Field item, StoresSection stores)
    {
        if (item.Map() is not { } map)
        {
            return new StepSection(item, null, null);
        }

        var kinds = StepKindCatalog.All.Select(kind => kind.Name).ToList();
        var entries = map.Entries.ToList();
        foreach (var (key, at, _) in entries.Where(entry => !kinds.Contains(entry.Key)))
        {
            map.Report(key, at, $"{Shown.Key(key)} is no kind of step; {Spelling.Hint(key, kinds)}");
        }

        var known = entries.Where(entry => kinds.Contains(entry.Key)).ToList();
        if (entries.Count == 0 || known.Count > 1)
        {
            item.Report($"has {entries.Count} keys; expected one, the step's kind: {string.Join(", ", kinds)}.");
        }

        return known.Count == 1
            ? ReadKind(StepKindCatalog.All.Single(kind => kind.Name == known[0].Key), known[0].Value, stores)
            : new StepSection(item, null, null);
    }

    private static StepSection ReadKind(StepKind kind, Field field, StoresSection stores)
    {
        if (field.Map(PlanKeys.Of(kind)) is not { } fields)
        {
            return new StepSection(field, null, null);
        }

        var name = fields["name"] is { } written ? Names.Step(written) : kind.Name;
        var values = StepFieldReader.Read(fields, kind.Fields, stores);
        var timeout = fields["timeout"] is { } limit ? limit.Duration(kind.LeastTimeout, Most)
            : values is not null ? kind.UsualTimeoutOf(new StepFieldValues(values))
            : null;
        return name is null || timeout is null || values is null
            ? new StepSection(field, name, null)
            : new StepSection(field, name, Build(kind, new StepFieldValues(values) { Name = name, Timeout = timeout.Value }, field, fields));
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
