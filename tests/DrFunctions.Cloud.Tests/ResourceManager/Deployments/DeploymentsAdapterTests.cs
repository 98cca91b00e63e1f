using System.Text.Json;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Cloud.ResourceManager.Deployments;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Plans;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Deploy;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Files;

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

    /// <summary>From the plan's text to the resource: Resource Manager compares the types of values with those of the linked template.</summary>
    [Fact]
    public async Task Deploy_LinkedTemplate_HasEveryParameterOfThePlanInItsType()
    {
        var end = await Scene.DriveAsync(Deploying(Typed("{ size: B1, instances: 2, perSite: true, labels: { cost: standby, floor: '5' }, zones: ['1', '2'], nothing: [] }")));

        Assert.True(end.Outcome == StepOutcome.Done, end.Summary);
        var cold = await Scene.ReadAsync(s_cold, "2024-11-01");
        Assert.Equal(("B1", 2), (cold["sku"]!["name"]!.GetValue<string>(), cold["sku"]!["capacity"]!.GetValue<int>())); // The test fails otherwise.
        Assert.True(cold["properties"]!["perSiteScaling"]!.GetValue<bool>());
        Assert.Equal("""{"cost":"standby","floor":"5","zone":"2"}""", cold["tags"]!.ToJsonString());
    }

    [Theory]
    [InlineData("{ size: B1, instances: '2' }", "instances", "Int")]
    [InlineData("{ size: 1, instances: 2 }", "size", "String")]
    [InlineData("{ size: B1, instances: 2, perSite: 'true' }", "perSite", "Bool")]
    [InlineData("{ size: B1, instances: 2, labels: '{}' }", "labels", "Object")]
    [InlineData("{ size: B1, instances: 2, zones: '[]' }", "zones", "Array")]
    public async Task Deploy_LinkedTemplateOfOtherTypes_IsRefused(string parameters, string name, string type)
    {
        var end = await Scene.DriveAsync(Deploying(Typed(parameters)));

        Assert.Equal((StepOutcome.Failed, "ResourceManagerRefused"), (end.Outcome, end.Code));
        Assert.Contains($"'{name}'", end.Summary, StringComparison.Ordinal);
        Assert.Contains($"'{type}'", end.Summary, StringComparison.Ordinal);
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

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Deployments.CheckAsync(template, new Dictionary<string, JsonElement>(), default));

        Assert.Equal("TemplateUnknown", failure.Code);
        Assert.Contains("'SHOP_TEMPLATES' (or 'SHOP_TEMPLATES__blobServiceUri') is not set", failure.Message, StringComparison.Ordinal);
    }

    // As a plan that is applied has it.
    private static DeployStep Typed(string parameters)
    {
        var yaml = File.ReadAllText(RepositoryRoot.Combine("samples", "runbooks", "cold.yaml"))
            .Replace("parameters: { size: P1v3 }", $"parameters: {parameters}", StringComparison.Ordinal)
            .Replace(OperationScene.TemplateUri, OperationScene.TypedTemplateUri, StringComparison.Ordinal);
        var read = PlanReader.Read(yaml);
        Assert.Empty(read.Mistakes);
        return read.Plan!.Runbooks["failover"].Steps.OfType<DeployStep>().Single(); // It has no mistakes.
    }

    private OperationWork Deploying(string size, string? more = null)
    {
        var parameters = new Dictionary<string, JsonElement> { ["size"] = JsonSerializer.SerializeToElement(size) };
        if (more is not null)
        {
            parameters[more] = JsonSerializer.SerializeToElement("x");
        }

        return Deploying(new DeploymentTemplate(null, null, new Uri(OperationScene.TemplateUri)), parameters);
    }

    private OperationWork Deploying(DeployStep step) => Deploying(step.Template, step.Parameters);

    private OperationWork Deploying(DeploymentTemplate template, IReadOnlyDictionary<string, JsonElement> parameters) => new()
    {
        What = "the deployment of 'standby.json'",
        ReadAsync = async stop => await Deployments.ReadAsync(s_deployment, stop) switch
        {
            null => OperationTarget.Open("it was not begun"),
            { State: OperationState.Succeeded } => OperationTarget.Reached("it has ended well"),
            { State: OperationState.Failed } failed => OperationTarget.Open($"it failed: {failed.Error}"),
            var running => OperationTarget.Changing($"it is {running.Status}"),
        },
        BeginAsync = stop => Deployments.BeginAsync(s_deployment, template, parameters, stop),
    };
}
