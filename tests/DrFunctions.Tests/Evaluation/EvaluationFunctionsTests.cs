using DrFunctions.App.Deployments;

namespace DrFunctions.App.Evaluation;

/// <summary>The evaluation against the simulated cloud, over the wire.</summary>
public sealed class EvaluationFunctionsTests
{
    [Fact]
    public async Task Evaluate_AWorkloadWithABackup_FindsWhatIsWrongAndKeepsIt()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan);

        var evaluated = await app.Api.PostAsync("api/plans/shop/evaluation", new { });

        Assert.True(evaluated.Status == 200, evaluated.ToString());
        var codes = Codes(evaluated);
        Assert.Contains("DR-TM-026", codes);
        Assert.Contains("DR-DRILL-001", codes);
        Assert.DoesNotContain(codes, code => code.StartsWith("DR-DATA", StringComparison.Ordinal) || code.StartsWith("DR-SEE", StringComparison.Ordinal));
        Assert.DoesNotContain(codes, code => code is "DR-TM-002" or "DR-TM-004" or "DR-RES-001" or "DR-RES-002");
        Assert.Equal(evaluated["evaluatedAt"], (await app.Api.GetAsync("api/plans/shop/evaluation"))["evaluatedAt"]);
    }

    [Fact]
    public async Task Evaluate_AStandbyThatIsNotThere_IsActionRequired()
    {
        await using var app = await Deployment.StartAsync(scenario => scenario with
        {
            Sites = [scenario.Sites[0]],
            TrafficManagerProfiles = [scenario.TrafficManagerProfiles[0] with { Endpoints = [scenario.TrafficManagerProfiles[0].Endpoints[0]] }],
        });
        await app.Api.ApplyAsync(ShopPlan.Workload, app.Plan.Yaml);

        var evaluated = await app.Api.PostAsync("api/plans/shop/evaluation", new { });

        Assert.Equal("actionRequired", evaluated["verdict"]);
        Assert.Superset(new HashSet<string> { "DR-RES-001", "DR-TM-002", "DR-DATA-001" }, Codes(evaluated).ToHashSet());
    }

    [Fact]
    public async Task Evaluate_TheIdentityLacksARight_NamesTheActionTheStepAndTheScope()
    {
        await using var app = await Deployment.StartAsync(scenario => scenario with
        {
            Permissions = [new() { Actions = ["*"], NotActions = ["Microsoft.Web/sites/stop/action"] }],
        });
        await app.Api.ApplyAsync(ShopPlan.Workload, app.Plan.Yaml);

        var missing = (await app.Api.PostAsync("api/plans/shop/evaluation", new { })).List("findings")
            .Where(finding => finding.GetProperty("code").GetString()!.StartsWith("DR-PERM", StringComparison.Ordinal)) // every finding has a code
            .Select(finding => $"{finding.GetProperty("code")} {finding.GetProperty("resource")}: {finding.GetProperty("found")}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                $"DR-PERM-001 {ShopPlan.North}: the app's identity may not Microsoft.Web/sites/stop/action (needed by failback.fence, failover.startWebApp)",
                $"DR-PERM-001 {ShopPlan.West}: the app's identity may not Microsoft.Web/sites/stop/action (needed by failback.startWebApp, failover.fence)",
            ],
            missing);
    }

    [Fact]
    public async Task Evaluate_TheIdentityMayDoAll_FindsNoMissingRight()
    {
        await using var app = await Deployment.StartAsync();
        await app.Api.ApplyAsync(ShopPlan.Workload, app.Plan.Yaml);

        Assert.DoesNotContain("DR-PERM", (await app.Api.PostAsync("api/plans/shop/evaluation", new { })).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_TheIdentityMayNotSeeItsRights_IsUnknownAndNeverReady()
    {
        await using var app = await Deployment.StartAsync();
        await app.Api.ApplyAsync(ShopPlan.Workload, app.Plan.Yaml);
        app.Cloud.AddFaults(new DrFunctions.Simulator.Faults.Fault
        {
            On = DrFunctions.Simulator.Faults.FaultTarget.ResourceManager,
            Kind = DrFunctions.Simulator.Faults.FaultKind.Error,
            Status = 403,
            Code = "AuthorizationFailed",
            Path = "Microsoft.Authorization",
        });

        var evaluated = await app.Api.PostAsync("api/plans/shop/evaluation", new { });

        Assert.Contains("DR-PERM-002", Codes(evaluated));
        Assert.NotEqual("ready", evaluated["verdict"]);
    }

    [Fact]
    public async Task Timer_APlanIsNew_EvaluatesItOnceUntilItChanges()
    {
        await using var app = await Deployment.StartAsync();
        Assert.Equal((404, "PlanNotFound"), Seen(await app.Api.GetAsync("api/plans/shop/evaluation")));
        var version = await app.Api.ApplyAsync(ShopPlan.Workload, app.Plan.Yaml);
        Assert.Equal((404, "NotEvaluated"), Seen(await app.Api.GetAsync("api/plans/shop/evaluation")));

        await app.Host.RunTimerAsync("Evaluate");
        var first = await app.Api.GetAsync("api/plans/shop/evaluation");
        await app.Host.RunTimerAsync("Evaluate");

        Assert.Equal(version, first["planVersion"]);
        Assert.Equal(first["evaluatedAt"], (await app.Api.GetAsync("api/plans/shop/evaluation"))["evaluatedAt"]);

        var changed = await app.Api.ApplyAsync(ShopPlan.Workload, app.Plan.Yaml + "\n# changed\n");
        await app.Host.RunTimerAsync("Evaluate");
        Assert.Equal(changed, (await app.Api.GetAsync("api/plans/shop/evaluation"))["planVersion"]);
    }

    [Fact]
    public async Task Evaluate_NoPlan_IsNotFound()
    {
        await using var app = await Deployment.StartAsync();

        Assert.Equal((404, "PlanNotFound"), Seen(await app.Api.PostAsync("api/plans/shop/evaluation", new { })));
    }

    private static (int Status, string Code) Seen(Answer answer) => (answer.Status, answer.Code);

    private static List<string> Codes(Answer answer) =>
        [.. answer.List("findings").Select(finding => finding.GetProperty("code").GetString()!)]; // every finding has a code
}
