using System.Globalization;
using System.Text;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Runs;

/// <summary>The names of the facts that a run's journal keeps, and its first entry.</summary>
internal static class RunFacts
{
    public const string Workload = "workload";
    public const string Runbook = "runbook";
    public const string Mode = "mode";
    public const string PlanVersion = "planVersion";
    public const string Epoch = "epoch";
    public const string StartedBy = "startedBy";
    public const string Starter = "starter";
    public const string Reason = "reason";
    public const string DetectedAt = "detectedAt";
    public const string Incident = "incident";
    public const string Preempts = "preempts";
    public const string Rpo = "rpoSeconds";
    public const string Rto = "rtoSeconds";
    public const string Stores = "stores";
    public const string Steps = "steps";
    public const string OnFailure = "onFailure";
    public const string PauseLimit = "pauseLimitSeconds";

    /// <summary>Of a step, behind its number.</summary>
    public const string StepName = "name";
    public const string StepKind = "kind";
    public const string Group = "group";
    public const string Effect = "effect";
    public const string PointOfNoReturn = "pointOfNoReturn";
    public const string ChecksOnly = "checksOnly";
    public const string Timeout = "timeoutSeconds";

    /// <summary>Of later entries.</summary>
    public const string By = "by";
    public const string ByObjectId = "byObjectId";
    public const string Check = "check";
    public const string Code = "code";
    public const string End = "end";
    public const string Hint = "hint";
    public const string Kept = "kept";
    public const string Leaves = "leaves";
    public const string Message = "message";
    public const string Overrides = "overrides";
    public const string ParameterPrefix = "parameter.";
    public const string RestorePoint = "restorePoint";
    public const string State = "state";
    public const string Store = "store";
    public const string Summary = "summary";
    public const string To = "to";
    public const string Until = "until";

    public static JournalDraft Started(WorkloadLock held, WorkloadPlan plan, Runbook runbook)
    {
        var request = held.Run;
        var draft = JournalDraft.Of(
            JournalKind.RunStarted,
            null,
            (Workload, request.Workload),
            (Runbook, request.Runbook),
            (Mode, request.Mode.ToString()),
            (PlanVersion, request.PlanVersion),
            (Epoch, held.Epoch.ToString(CultureInfo.InvariantCulture)),
            (StartedBy, request.StartedBy.ToString()),
            (Starter, Encoding.UTF8.GetString(DocumentJson.Write(request.StartedBy).Span)),
            (Reason, request.Reason),
            (DetectedAt, EntryFacts.Write(request.DetectedAt)),
            (Incident, request.IncidentId),
            (Preempts, held.Preempts?.RunId),
            (Rpo, Number(plan.Objectives.Rpo)),
            (Rto, Number(plan.Objectives.Rto)),
            (Stores, string.Join(',', plan.Stores.Select(store => store.Name))),
            (OnFailure, runbook.OnFailure == FailureRule.End ? End : null),
            (PauseLimit, Number(runbook.PauseLimit)),
            (Steps, runbook.Steps.Count.ToString(CultureInfo.InvariantCulture)));
        for (var index = 0; index < runbook.Steps.Count; index++)
        {
            draft = draft.With(Started(index, runbook.Steps[index], request.Mode).Facts);
        }

        return draft;
    }

    /// <summary>Whether a run of this mode only runs the step's precheck.</summary>
    public static bool IsCheckedOnly(RunbookStep step, RunMode mode) =>
        mode == RunMode.Drill && !(step.RunsInDrill ?? StepKindCatalog.Of(step).RunsInDrill(step));

    /// <summary>The name of a fact about a step.</summary>
    public static string Of(int index, string fact) => string.Create(CultureInfo.InvariantCulture, $"step{index:D2}.{fact}");

    public static string Number(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private static JournalDraft Started(int index, RunbookStep step, RunMode mode)
    {
        var kind = StepKindCatalog.Of(step);
        return JournalDraft.Of(
            JournalKind.RunStarted,
            null,
            (Of(index, StepName), step.Name),
            (Of(index, StepKind), kind.Name),
            (Of(index, Group), step.Group?.ToString(CultureInfo.InvariantCulture)),
            (Of(index, Effect), kind.Effect(step).ToString()),
            (Of(index, PointOfNoReturn), kind.IsPointOfNoReturn(step) ? "true" : null),
            (Of(index, ChecksOnly), IsCheckedOnly(step, mode) ? "true" : null),
            (Of(index, Timeout), Number(step.Timeout)));
    }
}
