using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>The runbooks as far as they could be read, and the names of all.</summary>
internal sealed record RunbooksSection(IReadOnlyDictionary<string, Runbook> Runbooks, IReadOnlyCollection<string> Names)
{
    private readonly List<(string Name, Field Field, IReadOnlyList<StepSection> Steps)> read = [];

    public static RunbooksSection Read(Field? field, StoresSection stores, BackupsSection backups, Strategy? strategy)
    {
        var map = field?.Map();
        var entries = map?.Entries.ToList() ?? [];
        if (map is not null && entries.Count == 0)
        {
            field?.Report("has no runbook; expected at least one, by name.");
        }

        var names = entries.Select(entry => entry.Key).ToList();
        var written = new Dictionary<string, RunbookSection>(StringComparer.Ordinal);
        var items = new Dictionary<string, IReadOnlyList<RunbookItem>>(StringComparer.Ordinal);
        foreach (var (name, at, value) in entries)
        {
            if (!Sections.Names.IsName(name))
            {
                map?.Report(name, at, $"{Shown.Value(name)} is no runbook's name; expected 1 to 40 of a-z, 0-9 and '-', beginning with a letter.");
            }

            written[name] = RunbookSection.Read(value);
            items[name] = [.. written[name].Items.Select(item => RunbookItem.Read(item, stores, names))];
        }

        var runbooks = new Dictionary<string, Runbook>(StringComparer.Ordinal);
        var section = new RunbooksSection(runbooks, names);
        var tree = new RunbookTree(items);
        foreach (var (name, _, value) in entries)
        {
            // One that is wrong still has a place in the plan that nobody gets.
            var steps = tree.Flatten(name, value);
            runbooks[name] = new Runbook(name, [.. (steps ?? []).Select(step => step.Step).OfType<RunbookStep>()])
            {
                OnFailure = written[name].OnFailure,
                PauseLimit = written[name].PauseLimit,
            };
            if (steps is not null)
            {
                RunbookRules.Check(steps, backups, strategy);
                FailbackRules.Check(steps, backups, strategy);
                section.read.Add((name, value, steps));
            }
        }

        return section;
    }

    /// <summary>Reports what only the whole plan shows.</summary>
    public void CheckAgainst(WorkloadPlan plan)
    {
        foreach (var (name, field, steps) in read)
        {
            PlanRules.Check(name, field, steps, plan);
        }
    }
}
