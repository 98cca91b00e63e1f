using DrFunctions.Cloud.Blobs;
using DrFunctions.Cloud.ResourceManager.Deployments;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.Deployments;

public sealed class DeploymentsAdapterTests : OperationConformance
{
    private static readonly ResourceId s_deployment = OperationScene.Id("Microsoft.Resources/deployments", "dr-shop-run-1-deploy");
    private static readonly ResourceId s_cold = OperationScene.Id("Microsoft.Web/serverfarms", "cold");

    private protected override (string Method, string Path) Begin => ("PUT", "/deployments/dr-shop-run-1-deploy$");

    private protected override OperationWork Work => Deploying("B1");

    private DeploymentsAdapter Deployments => new(Scene.Client, new TemplateBlobs(new BlobConnections(_ => null)));

    [Fact]
    public async Task Deploy_Ended_ShowsWhatItDeployed()
    {
        await Scene.DriveAsync(Work);

        var deployment = (await Deployments.ReadAsync(s_deployment, default))!;
        Assert.Equal((OperationState.Succeeded, "Succeeded", null), (deployment.State, deployment.Status, deployment.Error));
        Assert.Equal([s_cold], deployment.Resources);
    }

    [Fact]
    public async Task Deploy_ResourceFails_SaysTheInnermostReason()
    {
        await Scene.AttemptAsync(Work);
        await Scene.Cloud.SetRegionDarkAsync(OperationScene.North, true);
        Scene.Time.Advance(TimeSpan.FromMinutes(10));

        var deployment = (await Deployments.ReadAsync(s_deployment, default))!;
        Assert.Equal(OperationState.Failed, deployment.State);
        Assert.StartsWith("ServiceUnavailable: ", deployment.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_TemplateIsWrong_IsRefusedAtOnce()
    {
        var end = await Scene.DriveAsync(Deploying("B1", more: "other"));

        Assert.Equal((StepOutcome.Failed, "ResourceManagerRefused"), (end.Outcome, end.Code));
        Assert.Contains("InvalidTemplate", end.Summary, StringComparison.Ordinal);
    }

    public override async Task Follow_ItsRegionDark_WaitsUntilItIsBack()
    {
        // A deployment is Resource Manager's own: it is accepted, and fails at the first resource that cannot be put.
        await Scene.Cloud.SetRegionDarkAsync(OperationScene.North, true);
        var end = await Scene.DriveAsync(Work);

        Assert.Equal((StepOutcome.Failed, "OperationFailed"), (end.Outcome, end.Code));
        Assert.Contains("ServiceUnavailable", end.Summary, StringComparison.Ordinal);
        await Scene.Cloud.SetRegionDarkAsync(OperationScene.North, false);
        Assert.Equal(StepOutcome.Done, (await Scene.DriveAsync(Work, begun: 1)).Outcome);
    }

    [Fact]
    public async Task Read_Absent_IsNull() => Assert.Null(await Deployments.ReadAsync(s_deployment, default));

    [Fact]
    public async Task Check_TemplateOfAnUnknownSetting_NamesIt()
    {
        var template = new DeploymentTemplate(new BlobContainer("SHOP_TEMPLATES", "templates"), "standby.json", null);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Deployments.CheckAsync(template, new Dictionary<string, string>(), default));

        Assert.Equal("TemplateUnknown", failure.Code);
        Assert.Contains("'SHOP_TEMPLATES' (or 'SHOP_TEMPLATES__blobServiceUri') is not set", failure.Message, StringComparison.Ordinal);
    }

    private OperationWork Deploying(string size, string? more = null) => new()
    {
        What = "the deployment of 'standby.json'",
        ReadAsync = async stop => await Deployments.ReadAsync(s_deployment, stop) switch
        {
            null => OperationTarget.Open("it was not begun"),
            { State: OperationState.Succeeded } => OperationTarget.Reached("it has ended well"),
            { State: OperationState.Failed } failed => OperationTarget.Open($"it failed: {failed.Error}"),
            var running => OperationTarget.Changing($"it is {running.Status}"),
        },
        BeginAsync = stop => Deployments.BeginAsync(
            s_deployment,
            new DeploymentTemplate(null, null, new Uri(OperationScene.TemplateUri)),
            more is null ? new Dictionary<string, string> { ["size"] = size } : new Dictionary<string, string> { ["size"] = size, [more] = "x" },
            stop),
    };
}
