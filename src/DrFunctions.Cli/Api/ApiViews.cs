using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Signals.Unreadable;

namespace DrFunctions.Cli.Api;

/// <summary>Answer of <c>PUT /api/plans/{workload}</c>.</summary>
internal sealed record AppliedPlan(string Workload, string Version);

/// <summary>Answer of <c>GET /api/plans</c>.</summary>
internal sealed record PlanList(IReadOnlyList<AppliedPlan> Plans);

/// <summary>Answer of <c>GET /api/plans/{workload}</c>.</summary>
internal sealed record PlanView(
    string Workload,
    string Version,
    DateTimeOffset AppliedAt,
    string Yaml,
    string Active,
    long Epoch,
    ObjectivesView Objectives,
    RpoView Rpo,
    LockView? Lock = null,
    bool? Shared = null);

/// <summary>The recovery point as it stands.</summary>
internal sealed record RpoView(ObjectiveVerdict Verdict, double? LagSeconds = null, DateTimeOffset? RestorePoint = null)
{
    /// <summary>The store whose it is, or that makes it unknown.</summary>
    public string? WorstStore { get; init; }

    /// <summary>Each store's.</summary>
    public IReadOnlyList<StoreRpoView> Stores { get; init; } = [];
}

/// <summary>One store's recovery point.</summary>
internal sealed record StoreRpoView(string Store, string Source, string Detail, double? LagSeconds = null, DateTimeOffset? RestorePoint = null);

/// <summary>Who holds the workload.</summary>
internal sealed record LockView(string RunId, string State, RunState? RunState = null, PauseView? Pause = null);

/// <summary>Body of <c>POST …/runs</c>.</summary>
internal sealed record RunStart(string Mode, string Reason, bool? DryRun = null);

/// <summary>Answer of <c>POST …/runs</c>.</summary>
internal sealed record StartedRun(string RunId);

/// <summary>Body of <c>POST …/decisions</c>.</summary>
internal sealed record RunDecisionBody(
    string Kind, string? Step, string Reason, IReadOnlyDictionary<string, string>? Parameters = null, string? Overrides = null);

/// <summary>Answer of <c>GET /api/plans/{workload}/runs</c>.</summary>
internal sealed record RunList(IReadOnlyList<RunView> Runs);

/// <summary>Answer of <c>GET /api/plans/{workload}/incidents</c>.</summary>
internal sealed record IncidentList(IReadOnlyList<IncidentRecord> Incidents, IReadOnlyList<AlertState>? Standing = null);

/// <summary>Answer of <c>GET /api/unreadable</c>.</summary>
internal sealed record UnreadableList(IReadOnlyList<UnreadableIncident> Unreadable);

/// <summary>Answer of <c>GET /api/control</c>.</summary>
internal sealed record ControlStatus(
    string Account,
    string Region,
    ControlRole Role,
    IReadOnlyList<ControlApp> Apps,
    int Unmirrored,
    ControlTerm? Term = null,
    DateTimeOffset? ActsFrom = null,
    bool? OtherAccountAnswers = null);

/// <summary>An app's last sign of life.</summary>
internal sealed record ControlApp(string Account, string Region, DateTimeOffset LastSignAt, double AgoSeconds);

/// <summary>Body of <c>POST /api/control/take</c>.</summary>
internal sealed record ControlTaking(string Reason, string? Overrides = null);

/// <summary>Body of a decision about an incident, and of an acknowledgement.</summary>
internal sealed record Opinion(string Reason, string? Rule = null);

/// <summary>Answer of <c>GET /api/plans/{workload}/backups</c>.</summary>
internal sealed record BackupList(IReadOnlyList<BackupView> Backups);

/// <summary>One occurrence of a backup policy.</summary>
internal sealed record BackupView(
    string Policy,
    string Occurrence,
    string State,
    string? SnapshotId = null,
    DateTimeOffset? RestorePoint = null,
    long? Bytes = null,
    long? Files = null,
    string? Kind = null,
    string? Parent = null,
    long? BytesAdded = null,
    double? BackupSeconds = null,
    double? CopySeconds = null,
    BackupFault? Error = null);

/// <summary>Why a backup failed.</summary>
internal sealed record BackupFault(string Code, string Message);

/// <summary>Answer of <c>GET /api/signals</c>.</summary>
internal sealed record SignalList(IReadOnlyList<SignalView> Signals, string? Next = null);

/// <summary>A signal and what was made of it.</summary>
internal sealed record SignalView(
    string Id,
    DateTimeOffset ReceivedAt,
    string EventType,
    string Disposition,
    string Reason,
    string? Resource = null,
    string? Workload = null,
    bool Stands = false);

/// <summary>Answer of <c>GET /api/approvals</c>.</summary>
internal sealed record ApprovalList(IReadOnlyList<ApprovalView> Approvals);

/// <summary>An approval that a run waits for.</summary>
internal sealed record ApprovalView(
    string RunId,
    string Workload,
    string Step,
    string Question,
    string StartedBy,
    string Outcome,
    int Required,
    int Missing,
    IReadOnlyList<string> Approved,
    IReadOnlyList<string> Declined,
    DateTimeOffset WantedAt,
    DateTimeOffset ExpiresAt,
    IReadOnlyList<string>? Approvers = null,
    string? NotYours = null);

/// <summary>Body of <c>POST …/approvals</c>.</summary>
internal sealed record ApprovalDecision(string Decision, string Reason, string? Step = null);

/// <summary>Answer of <c>POST …/approvals</c>.</summary>
internal sealed record DecidedApproval(string Decision, string By, DateTimeOffset At, ApprovalView Approval);
