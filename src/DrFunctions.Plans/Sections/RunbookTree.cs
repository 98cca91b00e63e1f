using DrFunctions.Plans.Fields;

namespace DrFunctions.Plans.Sections;

/// <summary>Puts runbooks that stand in others in their place, so that a run sees one flat list.</summary>
internal sealed class RunbookTree(IReadOnlyDictionary<string, IReadOnlyList<RunbookItem>> runbooks)
{
    /// <summary>The most steps of a runbook, those of its children included.</summary>
    public const int MaxSteps = 100;

    // Children of children can multiply without adding a step, where they end in a cycle.
    private const int MaxVisits = 1000;

    private readonly HashSet<string> inCycles = new(StringComparer.Ordinal);

    /// <summary>The steps of a runbook in order; null when something in it is wrong and was reported.</summary>
    public IReadOnlyList<StepSection>? Flatten(string name, Field field)
    {
        var walk = new Walk();
        Add(name, "", [name], null, walk);
        if (walk.Steps.Count > MaxSteps || walk.Visits > MaxVisits)
        {
            field.Report($"has more than {MaxSteps} steps, those of the runbooks in it included; expected at most {MaxSteps}.");
            return null;
        }

        return walk.IsBroken ? null : walk.Steps;
    }

    private void Add(string name, string prefix, IReadOnlyList<string> path, Field? inlinedAt, Walk walk)
    {
        foreach (var item in runbooks[name])
        {
            if (++walk.Visits > MaxVisits || walk.Steps.Count > MaxSteps)
            {
                return;
            }

            switch (item)
            {
                case RunbookItem.Alone alone:
                    walk.Steps.Add(Placed(alone.Step, prefix, null, inlinedAt));
                    break;
                case RunbookItem.Parallel parallel:
                    var group = walk.Groups++;
                    walk.Steps.AddRange(parallel.Steps.Select(step => Placed(step, prefix, group, inlinedAt)));
                    break;
                case RunbookItem.Child { Runbook: { } child, Prefix: { } own } at when path.Contains(child):
                    walk.IsBroken = true;
                    ReportCycle(at.Field, [.. path.SkipWhile(one => one != child), child]);
                    break;
                case RunbookItem.Child { Runbook: { } child, Prefix: { } own } at:
                    Add(child, $"{prefix}{own}/", [.. path, child], inlinedAt ?? at.Field, walk);
                    break;
                default:
                    walk.IsBroken = true; // A child that could not be read.
                    break;
            }
        }
    }

    // Each runbook of a cycle finds it; one of them tells.
    private void ReportCycle(Field field, IReadOnlyList<string> cycle)
    {
        if (!cycle.Any(inCycles.Contains))
        {
            field.Report($"leads back to where it began: {string.Join(" → ", cycle)}; expected runbooks that do not contain themselves.");
        }

        inCycles.UnionWith(cycle);
    }

    private static StepSection Placed(StepSection step, string prefix, int? group, Field? inlinedAt) => step with
    {
        Field = inlinedAt ?? step.Field,
        IsInlined = inlinedAt is not null,
        Name = step.Name is null ? null : prefix + step.Name,
        Step = step.Step is null ? null : step.Step with { Name = prefix + step.Step.Name, Group = group },
    };

    private sealed class Walk
    {
        public List<StepSection> Steps { get; } = [];

        public int Groups { get; set; }

        public int Visits { get; set; }

        public bool IsBroken { get; set; }
    }
}
