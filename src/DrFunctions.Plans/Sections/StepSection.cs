using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>One step: where it was written, its name if that is known, and the step if it could be read.</summary>
internal sealed record StepSection(Field Field, string? Name, RunbookStep? Step)
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(1);
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(10);

    // Resolvers keep an answer for the profile's time to live; a shorter proof fails while everything is well.
    private static readonly TimeSpan LeastProof = TimeSpan.FromSeconds(30);

    public static StepSection Read(Field item, StoresSection stores)
    {
        if (item.Map() is not { } map)
        {
            return new StepSection(item, null, null);
        }

        var kinds = PlanKeys.Steps.Select(step => step.Name).ToList();
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

        return known.Count == 1 ? ReadKind(known[0].Key, known[0].Value, stores) : new StepSection(item, null, null);
    }

    private static StepSection ReadKind(string kind, Field field, StoresSection stores)
    {
        var fields = field.Map(PlanKeys.Steps.Single(step => step.Name == kind));
        if (fields is null)
        {
            return new StepSection(field, null, null);
        }

        var name = fields["name"] is { } written ? Names.Step(written) : kind;
        var least = kind == PlanKeys.Prove.Name ? LeastProof : Least;
        var usual = kind == PlanKeys.Restore.Name ? TimeSpan.FromHours(1) : Usual;
        var timeout = fields["timeout"] is { } limit ? limit.Duration(least, Most) : usual;
        var region = fields[kind == PlanKeys.ShiftTraffic.Name ? "to" : "region"]?.OneOf(Choices.Roles);
        var store = kind == PlanKeys.Restore.Name ? UniqueNames.Refer(fields["store"], "store", stores.Names) : string.Empty;
        return name is null || timeout is null || region is null || store is null
            ? new StepSection(field, name, null)
            : new StepSection(field, name, Build(kind, name, timeout.Value, region.Value, store));
    }

    private static RunbookStep Build(string kind, string name, TimeSpan timeout, RegionRole region, string store) => kind switch
    {
        "fence" => new FenceStep(name, timeout, region),
        "restore" => new RestoreStep(name, timeout, store, region),
        "startWebApp" => new StartWebAppStep(name, timeout, region),
        "shiftTraffic" => new ShiftTrafficStep(name, timeout, region),
        "prove" => new ProveStep(name, timeout, region),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "PlanKeys.Steps has a kind that is not built here."),
    };
}
