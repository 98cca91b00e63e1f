using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Incidents;

public sealed class IncidentSightTests
{
    private static readonly WorkloadPlan s_plan = APlan().WithPolicy(policy => policy with
    {
        Red = [Vantage.AzureMonitor, Vantage.TrafficManager, Vantage.ControlProbe, Vantage.TcpProbe, Vantage.StandbyProbe],
        Green = [GreenCondition.StandbyApp, GreenCondition.StandbyHealth, GreenCondition.StandbyEndpoint, GreenCondition.RestorePoint],
        TcpProbe = new Uri("tcp://west.example.org:5432"),
        StandbyProbe = new Uri("http://north.example.org/peer"),
    }).Build();

    private readonly RecoveryScene _scene = new(s_plan);

    [Fact]
    public async Task Look_AllThatWait_WaitSideBySide()
    {
        var (begun, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _scene.Interception.Around = async (call, moment) =>
        {
            if (moment == Moment.Before && IsOutside(call))
            {
                if (Interlocked.Increment(ref begun) == 7)
                {
                    all.SetResult();
                }

                // One after the other, the first would wait for the second.
                await all.Task.WaitAsync(TimeSpan.FromSeconds(30));
            }
        };

        var facts = await LookAsync();

        Assert.Equal(7, begun);
        Assert.Equal(s_plan.Incidents.Asked, facts.Vantages.Select(view => view.Vantage));
        Assert.Equal(["standby-app", "standby-health", "standby-endpoint", "restore-point.files"], facts.Standby.Select(check => check.Name));
    }

    [Theory]
    [InlineData("ReadProfile", new[] { "TrafficManager", "standby-endpoint" })]
    [InlineData("Probe shop-westeurope.azurewebsites.net", new[] { "ControlProbe" })]
    [InlineData("Connect west.example.org:5432", new[] { "TcpProbe" })]
    [InlineData("Probe north.example.org", new[] { "StandbyProbe" })]
    [InlineData("ReadState shop-northeurope", new[] { "standby-app" })]
    [InlineData("Probe shop-northeurope.azurewebsites.net", new[] { "standby-health" })]
    public async Task Look_OneFails_IsSaidOfThatOneAndOfNoOther(string failing, string[] concerned)
    {
        _scene.Interception.Around = (call, _) =>
            call == failing ? throw new RecoveryException("Silent", $"no answer to {call}", isTransient: true, "wait") : Task.CompletedTask;

        var facts = await LookAsync();

        var details = facts.Vantages.Select(view => (Name: view.Vantage.ToString(), view.Detail, IsBlind: view.Finding == VantageFinding.Unknown))
            .Concat(facts.Standby.Select(check => (check.Name, check.Detail, IsBlind: !check.Ready)))
            .Where(one => one.Detail.Contains("no answer", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(concerned, details.Select(one => one.Name));
        Assert.All(details, one => Assert.Equal((true, $"Silent: no answer to {failing}"), (one.IsBlind, one.Detail)));
    }

    private static bool IsOutside(string call) =>
        call is "ReadProfile" || call.StartsWith("Probe ", StringComparison.Ordinal) || call.StartsWith("Connect ", StringComparison.Ordinal)
        || call.StartsWith("ReadState ", StringComparison.Ordinal);

    private Task<IncidentFacts> LookAsync() => new IncidentSight(
        _scene.Locks, _scene.States, _scene.Opinions, _scene.Sampler, _scene.Probe, _scene.WebApps, _scene.Restore, _scene.Traffic, _scene.Clock)
        .LookAsync(s_plan, null, null, null, default);
}
