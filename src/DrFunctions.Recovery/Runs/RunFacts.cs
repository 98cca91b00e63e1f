using System.Globalization;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Runs;

/// <summary>The first entry of a journal: what the run is.</summary>
internal static class RunFacts
{
    public static JournalEntry Started(RunRequest request, long epoch, WorkloadPlan plan, Runbook runbook, DateTimeOffset now)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["workload"] = request.Workload,
            ["runbook"] = request.Runbook,
            ["mode"] = request.Mode.ToString(),
            ["planVersion"] = request.PlanVersion,
            ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
            ["startedBy"] = request.StartedBy,
            ["reason"] = request.Reason,
            ["detectedAt"] = request.DetectedAt.ToString("O", CultureInfo.InvariantCulture),
            ["rpoSeconds"] = Number(plan.Objectives.Rpo),
            ["rtoSeconds"] = Number(plan.Objectives.Rto),
            ["stores"] = string.Join(',', plan.Stores.Select(store => store.Name)),
            ["steps"] = runbook.Steps.Count.ToString(CultureInfo.InvariantCulture),
        };
        if (request.IncidentId is { } incident)
        {
            facts["incident"] = incident;
        }

        for (var index = 0; index < runbook.Steps.Count; index++)
        {
            facts[StepName(index)] = runbook.Steps[index].Name;
            facts[StepKind(index)] = StepKindCatalog.Of(runbook.Steps[index]).Name;
        }

        return new JournalEntry(1, request.RunId, 0, JournalKind.RunStarted, now, null, facts, JournalEntry.Genesis, null);
    }

    public static string StepName(int index) => string.Create(CultureInfo.InvariantCulture, $"step{index:D2}.name");

    public static string StepKind(int index) => string.Create(CultureInfo.InvariantCulture, $"step{index:D2}.kind");

    public static string Number(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
