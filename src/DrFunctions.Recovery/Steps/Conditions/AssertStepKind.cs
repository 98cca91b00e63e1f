using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Conditions;

/// <summary>The kind of <see cref="AssertStep"/>.</summary>
internal sealed class AssertStepKind : StepKind<AssertStep, AssertRunner>
{
    private static readonly StepField Green = StepField.Role("green", "This region's health answers 200.").Optional();
    private static readonly StepField Red = StepField.Role("red", "This region's health was asked and does not answer, or not with 200.").Optional();
    private static readonly StepField ActiveIn = StepField.Role("activeIn", "This region carries the workload, and no move is under way.").Optional();

    private static readonly StepField RestorePoint = StepField.Map(
        "restorePoint",
        "A store's newest complete snapshot is young enough.",
        StepField.Store("store", "The store."),
        StepField.Role("region", "The region whose repository is looked at."),
        StepField.Duration("atMost", "The greatest age.", TimeSpan.FromSeconds(1), TimeSpan.FromDays(365))).Optional();

    private static readonly StepField Enabled = StepField.Role("enabled", "This region's endpoint of the profile is enabled.").Optional();
    private static readonly StepField Disabled = StepField.Role("disabled", "This region's endpoint of the profile is disabled.").Optional();

    public override string Name => "assert";

    public override string Summary => "Goes on only when all of its conditions hold; at least one.";

    public override string UndoSummary => "Nothing to undo.";

    public override TimeSpan UsualTimeout => TimeSpan.FromMinutes(1);

    public override IReadOnlyList<StepField> Fields { get; } = [Green, Red, ActiveIn, RestorePoint, Enabled, Disabled];

    // In a drill the primary is well and nobody is moved.
    public override bool RunsInDrill(RunbookStep step) =>
        ((AssertStep)step).Conditions.All(condition => condition is Condition.Green or Condition.RestorePointAge);

    public override RunbookStep Build(StepFieldValues values)
    {
        var conditions = new List<Condition>();
        Add(Green, role => new Condition.Green(role));
        Add(Red, role => new Condition.Red(role));
        Add(ActiveIn, role => new Condition.ActiveIn(role));
        if (values.Find<StepFieldValues>(RestorePoint.Name) is { } point)
        {
            conditions.Add(new Condition.RestorePointAge(point.Get<string>("store"), point.Role("region"), point.Get<TimeSpan>("atMost")));
        }

        Add(Enabled, role => new Condition.Endpoint(role, IsEnabled: true));
        Add(Disabled, role => new Condition.Endpoint(role, IsEnabled: false));
        if (conditions.Count == 0)
        {
            values.Report("", $"has no condition; expected at least one of {string.Join(", ", Fields.Select(field => field.Name))}.");
        }

        Contradicts(Green, Red);
        Contradicts(Enabled, Disabled);
        return new AssertStep(values.Name, values.Timeout, conditions);

        void Add(StepField field, Func<RegionRole, Condition> condition)
        {
            if (values.Has(field.Name))
            {
                conditions.Add(condition(values.Role(field.Name)));
            }
        }

        void Contradicts(StepField one, StepField other)
        {
            if (values.Has(one.Name) && values.Has(other.Name) && values.Role(one.Name) == values.Role(other.Name))
            {
                values.Report(other.Name, $"is the region that '{one.Name}' names too, and no region is both; expected the other one.");
            }
        }
    }

    protected override TimeSpan Estimate(AssertStep step, WorkloadPlan plan) => plan.Incidents.ProbeTimeout;

    protected override StepEffect Effect(AssertStep step) => StepEffect.ReadOnly;

    protected override IEnumerable<RequiredPermission> Permissions(AssertStep step, WorkloadPlan plan)
    {
        foreach (var condition in step.Conditions)
        {
            switch (condition)
            {
                case Condition.Endpoint:
                    yield return new RequiredPermission("Microsoft.Network/trafficManagerProfiles/read", plan.Traffic.Profile.Value);
                    break;
                case Condition.RestorePointAge point:
                    yield return new RequiredPermission(
                        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
                        plan.RepositoryIn(point.Region).Connection,
                        PermissionKind.StorageData);
                    break;
            }
        }
    }

    protected override string Describe(AssertStep step, WorkloadPlan plan) =>
        $"go on only if {string.Join(" and ", step.Conditions.Select(condition => ConditionText.Of(condition, plan)))}";

    protected override IEnumerable<string> AzCommands(AssertStep step, WorkloadPlan plan) =>
        step.Conditions.Select(condition => condition switch
        {
            Condition.Green green => $"curl --globoff --silent --output /dev/null --write-out '%{{http_code}}\\n' {ShellWord.Quote(plan.RegionOf(green.Region).Health.AbsoluteUri)} # expect 200",
            Condition.Red red => $"curl --globoff --silent --output /dev/null --write-out '%{{http_code}}\\n' {ShellWord.Quote(plan.RegionOf(red.Region).Health.AbsoluteUri)} # expect anything but 200",
            Condition.ActiveIn => $"dr plan show {ShellWord.Quote(plan.Workload)} {Expect(condition, plan)}",
            Condition.RestorePointAge point =>
                $"dr backup list --repository {ShellWord.Quote($"{plan.RepositoryIn(point.Region).Connection}:{plan.RepositoryIn(point.Region).Container}")} {Expect(condition, plan)}",
            _ => $"az network traffic-manager profile show --ids {ShellWord.Quote(plan.Traffic.Profile.Value)} --query 'endpoints[].[name,endpointStatus]' --output tsv {Expect(condition, plan)}",
        });

    private static string Expect(Condition condition, WorkloadPlan plan) => ShellWord.Comment($"expect: {ConditionText.Of(condition, plan)}");
}
