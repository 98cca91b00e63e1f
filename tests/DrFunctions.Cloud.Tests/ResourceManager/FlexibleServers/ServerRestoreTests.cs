using DrFunctions.Cloud.ResourceManager.FlexibleServers;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.FlexibleServers;

public sealed class ServerRestoreTests : OperationConformance
{
    private static readonly ResourceId s_source = OperationScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-we");
    private static readonly ResourceId s_target = OperationScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-restored");

    private protected override (string Method, string Path) Begin => ("PUT", "/flexibleServers/shop-restored$");

    private protected override OperationWork Work => Restoring(TimeSpan.FromHours(1), OperationScene.North);

    private FlexibleServersAdapter Servers => new(Scene.Client);

    [Theory]
    [InlineData(OperationScene.North)]
    [InlineData(OperationScene.West)]
    public async Task Restore_InEitherRegion_IsANewReadyServer(string location)
    {
        var end = await Scene.DriveAsync(Restoring(TimeSpan.FromHours(1), location));

        Assert.Equal(StepOutcome.Done, end.Outcome);
        var server = (await Servers.ReadAsync(s_target, default))!;
        Assert.Equal((true, location, "the past"), (server.IsReady, server.Location, server.Tags["SHOWS"]));
    }

    [Fact]
    public async Task Restore_ATimeWithoutABackup_Fails()
    {
        var end = await Scene.DriveAsync(Restoring(TimeSpan.FromDays(365), OperationScene.North));

        Assert.Equal((StepOutcome.Failed, "ResourceManagerRefused"), (end.Outcome, end.Code));
    }

    private OperationWork Restoring(TimeSpan ago, string location)
    {
        var to = Scene.Time.GetUtcNow() - ago;
        return new()
        {
            What = "the restore of 'shop-restored'",
            ReadAsync = async stop => await Servers.ReadAsync(s_target, stop) switch
            {
                null => OperationTarget.Open("there is no such server"),
                { IsReady: true } => OperationTarget.Reached("it is ready"),
                var server => OperationTarget.Changing($"it is {server.State}"),
            },
            BeginAsync = stop => Servers.RestoreAsync(
                s_target, new PostgresRestore(s_source, location, location != OperationScene.West, to) { Tags = new Dictionary<string, string> { ["shows"] = "the past" } }, stop),
        };
    }
}
