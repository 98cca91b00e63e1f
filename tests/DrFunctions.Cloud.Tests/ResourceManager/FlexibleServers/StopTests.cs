using DrFunctions.Cloud.ResourceManager.FlexibleServers;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.FlexibleServers;

public sealed class StopTests : OperationConformance
{
    private static readonly ResourceId s_primary = OperationScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-we");
    private static readonly ResourceId s_replica = OperationScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-ne");

    private protected override (string Method, string Path) Begin => ("POST", "/flexibleServers/shop-we/stop$");

    private protected override string Region => OperationScene.West;

    private protected override OperationWork Work => Passing(server => server.IsStopped, Servers.StopAsync);

    private FlexibleServersAdapter Servers => new(Scene.Client);

    [Fact]
    public async Task Start_OfAStoppedServer_MakesItReadyAgain()
    {
        await Scene.DriveAsync(Work);
        Assert.Equal("Stopped", (await Servers.ReadAsync(s_primary, default))!.State);

        var end = await Scene.DriveAsync(Passing(server => server.IsReady, Servers.StartAsync), begun: 1);

        Assert.True(end.Outcome == StepOutcome.Done, end.Summary);
        Assert.Equal("Ready", (await Servers.ReadAsync(s_primary, default))!.State);
    }

    [Theory]
    [InlineData(PostgresPromotion.Planned, StepOutcome.Failed)]
    [InlineData(PostgresPromotion.Forced, StepOutcome.Done)]
    public async Task Promote_WithAStoppedPrimary_OnlyForced(PostgresPromotion way, StepOutcome expected)
    {
        await Scene.DriveAsync(Work);

        var end = await Scene.DriveAsync(
            new OperationWork
            {
                What = "the promotion",
                ReadAsync = async stop => await Servers.ReadAsync(s_replica, stop) switch
                {
                    { Role: not ReplicationRole.Replica, IsReady: true } => OperationTarget.Reached("promoted"),
                    { IsReady: false } => OperationTarget.Changing("changing"),
                    _ => OperationTarget.Open("a replica"),
                },
                BeginAsync = stop => Servers.PromoteAsync(s_replica, way, stop),
            },
            begun: 1);

        Assert.Equal(expected, end.Outcome);
    }

    private OperationWork Passing(Func<FlexibleServer, bool> isThere, Func<ResourceId, CancellationToken, Task<BegunOperation>> begin) => new()
    {
        What = "the change of 'shop-we'",
        ReadAsync = async stop => await Servers.ReadAsync(s_primary, stop) switch
        {
            { } server when isThere(server) => OperationTarget.Reached($"it is {server.State}"),
            { IsStopped: false, IsReady: false } server => OperationTarget.Changing($"it is {server.State}"),
            var server => OperationTarget.Open($"it is {server?.State}"),
        },
        BeginAsync = stop => begin(s_primary, stop),
    };
}
