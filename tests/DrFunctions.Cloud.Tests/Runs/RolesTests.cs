using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Cloud.ResourceManager.Evaluation;
using DrFunctions.Plans;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Evaluation.Permissions;
using DrFunctions.Recovery.Permissions;
using DrFunctions.Recovery.Runs;
using DrFunctions.Simulator;
using DrFunctions.Testing.Files;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>An identity with the roles that a plan asks for, and nothing else, can do all of the plan: Resource Manager refuses every other request.</summary>
public sealed class RolesTests
{
    [Theory]
    [InlineData("cold.yaml", true, "failover")]
    [InlineData("warm.yaml", true, "failover")]
    [InlineData("hot.yaml", true, "failover")]
    [InlineData("switchover.yaml", false, "switchover", "failback")]
    [InlineData("active-active-weighted.yaml", false, "failover", "return")]
    [InlineData("active-active-geographic.yaml", false, "failover", "return")]
    public async Task Roles_OfAReadyPlan_AreEnoughForItsRuns(string file, bool isLost, params string[] runbooks)
    {
        await using var scene = await SimulatedRuns.StartAsync(file, await AllowedAsync(file));
        if (isLost)
        {
            await scene.Cloud.SetRegionDarkAsync("westeurope", true);
        }

        foreach (var runbook in runbooks)
        {
            var run = await scene.RunAsync(runbook, isLost ? RunMode.Unplanned : RunMode.Planned);

            Assert.True(run.State == RunState.Completed, $"{runbook}: {run.Pause?.Message}");
        }

        Assert.Empty(await CheckAsync(scene));
    }

    [Fact]
    public async Task Roles_WithoutOneRight_StopTheRunAndAreFoundBefore()
    {
        var scenario = await AllowedAsync("hot.yaml");
        await using var scene = await SimulatedRuns.StartAsync("hot.yaml", scenario with
        {
            Permissions = [.. scenario.Permissions.Select(role => role with { NotActions = ["Microsoft.Network/trafficManagerProfiles/write"] })],
        });

        var finding = Assert.Single(await CheckAsync(scene));
        var run = await scene.RunAsync("failover");

        Assert.Equal(
            ("DR-PERM-001", "the app's identity may not Microsoft.Network/trafficManagerProfiles/write (needed by failover.shiftTraffic)"), (finding.Code, finding.Found));
        Assert.Equal((RunState.Paused, "shiftTraffic", "AuthorizationFailed"), (run.State, run.Pause!.Step, run.Pause.Code)); // It is paused.
    }

    private static async Task<Scenario> AllowedAsync(string file)
    {
        var plan = PlanReader.Read(await File.ReadAllTextAsync(RepositoryRoot.Combine("samples", "runbooks", file))).Plan!; // Another test holds that.
        var roles = PlanRoles.Of(plan);
        return SampleCloud.Scenario with
        {
            Permissions =
            [
                .. roles.Assignments.Select(one => (one.Scope, Role: roles.Definitions.Single(role => role.Name == one.Role)))
                    .Select(one => new ScenarioRole { Scope = one.Scope, Actions = one.Role.Actions, DataActions = one.Role.DataActions }),
            ],
        };
    }

    private static async Task<IReadOnlyList<Finding>> CheckAsync(SimulatedRuns scene)
    {
        using var client = new ResourceManagerClient(
            new() { Endpoint = scene.Cloud.ResourceManager, Thumbprint = scene.Cloud.CertificateThumbprint, Token = "simulated" }, TimeProvider.System);
        return await new PermissionCheck(new PermissionReader(client)).CheckAsync(
            new EvaluatedPlan(scene.Plan, "v1", await scene.StateAsync(), MovableClock.Start), default);
    }
}
