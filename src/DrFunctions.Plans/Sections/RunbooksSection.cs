using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Plans.Sections;

/// <summary>The runbooks as far as they could be read, and the names of all.</summary>
internal sealed record RunbooksSection(IReadOnlyDictionary<string, Runbook> Runbooks, IReadOnlyCollection<string> Names)
{
    public static RunbooksSection Read(Field? field, StoresSection stores, BackupsSection backups)
    {
        var runbooks = new Dictionary<string, Runbook>(StringComparer.Ordinal);
        var entries = field?.Map()?.Entries.ToList() ?? [];
        if (field is not null && entries.Count == 0 && field.Map() is not null)
        {
            field.Report("has no runbook; expected at least one, by name.");
        }

        foreach (var (name, at, value) in entries)
        {
            if (!Sections.Names.IsName(name))
            {
                field?.Map()?.Report(name, at, $"{Shown.Value(name)} is no runbook's name; expected 1 to 40 of a-z, 0-9 and '-', beginning with a letter.");
            }

            var steps = (value.List() ?? []).Select(item => StepSection.Read(item, stores)).ToList();
            RunbookRules.Check(steps, backups);
            runbooks[name] = new Runbook(name, [.. steps.Select(step => step.Step).OfType<RunbookStep>()]);
        }

        return new RunbooksSection(runbooks, [.. entries.Select(entry => entry.Key)]);
    }
}
