using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Plans.Sections;

/// <summary>Every key that a plan can have.</summary>
internal static class PlanKeys
{
    public static readonly MapKeys Plan = new(
        "plan", ["workload", "objectives", "strategy", "regions", "stores", "traffic", "alerts", "runbooks"], ["backups", "tier", "impact", "http", "drills", "notify"]);

    public static readonly MapKeys Objectives = new("objectives", ["rpo", "rto"], []);

    public static readonly MapKeys Impact = new("impact", ["downtimePerHour", "dataLossPerHour", "lossesPerYear"], ["standbyPerYear"]);

    public static readonly MapKeys StandbyCosts = new("standbyPerYear", [], [.. Choices.Strategies.Keys]);

    public static readonly MapKeys Regions = new("regions", ["primary", "secondary"], []);

    public static readonly MapKeys Region = new("region", ["name", "webApp", "health"], ["repository"]);

    public static readonly MapKeys Container = new("container", ["connection", "container"], []);

    /// <summary>One side of a store whose data are blobs.</summary>
    public static readonly MapKeys StoreContainer = new("storeContainer", ["connection", "container"], ["account"]);

    public static readonly MapKeys Postgres = new("postgres", ["primary", "secondary"], []);

    public static readonly MapKeys SqlFailoverGroup = new("sqlFailoverGroup", ["primary", "secondary"], []);

    public static readonly MapKeys Store = new("store", ["name", "fence"], ["primary", "secondary", "postgres", "sqlFailoverGroup"]);

    public static readonly MapKeys Backup = new("backup", ["name", "store", "schedule"], ["timeZone", "kind", "fullEvery", "restoreTest", "retention"]);

    public static readonly MapKeys RestoreTest = new("restoreTest", ["schedule"], ["timeZone", "window"]);

    public static readonly MapKeys Retention = new(
        "retention", [], ["last", "hourly", "daily", "weekly", "monthly", "yearly", "within", "minimum", "schedule", "timeZone"]);

    public static readonly MapKeys Drill = new("drill", ["runbook", "schedule"], ["timeZone", "blocked"]);

    public static readonly MapKeys Blocked = new("blocked", ["from", "until"], []);

    public static readonly MapKeys Notify = new("planNotify", ["topic"], []);

    public static readonly MapKeys Traffic = new("traffic", ["profile", "check", "endpoints"], ["nested"]);

    public static readonly MapKeys Nested = new("nestedProfile", ["name", "profile", "endpoints"], []);

    public static readonly MapKeys Endpoints = new("endpoints", ["primary", "secondary"], []);

    public static readonly MapKeys Alerts = new("alerts", ["resources", "runbook"], ["dwell", "cooldown", "patience", "probeTimeout", "red", "green", "vantages", "standbyProbe", "tcpProbe", "maxLoss", "onUnknown", "approval", "freeze"]);

    public static readonly MapKeys Vantages = new("vantages", ["atLeast", "of"], []);

    public static readonly MapKeys StartApproval = new("startApproval", [], ["from", "count", "expires", "approvers"]);

    public static readonly MapKeys Freeze = new("freeze", ["name", "from", "to"], ["days", "timeZone"]);

    public static readonly MapKeys HttpCalls = new("httpCalls", ["allow"], []);

    public static readonly MapKeys AllowedHost = new("allowedHost", ["host"], ["private"]);

    /// <summary>Another runbook in place of a step.</summary>
    public static readonly MapKeys Child = new("runbook", ["name"], ["prefix"]);

    /// <summary>A runbook that says more than its steps.</summary>
    public static readonly MapKeys FullRunbook = new("fullRunbook", ["steps"], ["onFailure", "pauseLimit"]);

    /// <summary>The kinds of fence, as maps.</summary>
    public static readonly IReadOnlyList<MapKeys> Fences = [.. FenceCatalog.All.Select(FenceSection.Keys)];

    /// <summary>The kinds of step by the key that begins one.</summary>
    public static readonly IReadOnlyList<MapKeys> Steps = [.. StepKindCatalog.All.Select(Of)];

    public static readonly IReadOnlyList<MapKeys> All =
        [Plan, Objectives, Impact, StandbyCosts, Regions, Region, Container, StoreContainer, Postgres, SqlFailoverGroup, Store, Backup, RestoreTest, Retention, Drill, Blocked, Notify, Traffic, Nested, Endpoints, Alerts, Vantages, StartApproval, Freeze, HttpCalls, AllowedHost, Child, FullRunbook, .. Fences, .. Steps];

    /// <summary>The keys of one kind of step.</summary>
    public static MapKeys Of(StepKind kind) => StepFieldReader.Keys(kind.Name, kind.Fields, "name", "timeout", "drill");
}
