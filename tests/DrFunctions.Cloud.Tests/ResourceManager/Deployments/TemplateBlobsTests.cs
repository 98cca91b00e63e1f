using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Cloud.ResourceManager.Deployments;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.Cloud.Tests.ResourceManager.Deployments;

/// <summary>Templates from real blobs, deployed to the simulated cloud.</summary>
[Collection(DrFunctions.Cloud.Tests.StorageAccounts.Name)]
public sealed class TemplateBlobsTests(AzuriteFixture storage) : IAsyncLifetime
{
    private const string Path = "standby/main.json";

    private const string Template = """
        {
          // as 'az bicep build' does not write it, and people do
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "parameters": {
            "size": { "type": "string" },
            "instances": { "type": "Int" },
            "perSite": { "type": "bool", "defaultValue": false },
            "labels": { "type": "object", "defaultValue": {} },
            "zones": { "type": "array", "defaultValue": [] },
            "secret": { "type": "secureString", "defaultValue": "" },
          },
          "resources": [ {
            "type": "Microsoft.Web/serverfarms", "apiVersion": "2024-11-01", "name": "cold", "location": "northeurope",
            "tags": "[parameters('labels')]",
            "properties": { "perSiteScaling": "[parameters('perSite')]" },
            "sku": { "name": "[parameters('size')]", "capacity": "[parameters('instances')]" }
          } ]
        }
        """;

    private static readonly ResourceId s_deployment = OperationScene.Id("Microsoft.Resources/deployments", "dr-shop-run-1-deploy");

    private OperationScene? _scene;
    private BlobContainerClient? _container;

    private OperationScene Scene => _scene!; // InitializeAsync sets it.

    private BlobContainerClient Container => _container!; // InitializeAsync sets it.

    private DeploymentTemplate Blob => new(new BlobContainer("TEMPLATES", Container.Name), Path, null);

    public async Task InitializeAsync()
    {
        _scene = await OperationScene.StartAsync();
        _container = await storage.Server.CreateContainerAsync("templates", "northeurope");
    }

    public async Task DisposeAsync() => await Scene.DisposeAsync();

    [Theory]
    [InlineData("", true)]
    [InlineData("\uFEFF", false)]
    public async Task Deploy_TemplateOfABlob_HasEveryParameterInItsType(string mark, bool asText)
    {
        await UploadAsync(mark + Template);

        // Resource Manager compares names without case.
        var end = await Scene.DriveAsync(Deploying(asText
            ? new() { ["size"] = "B1", ["Instances"] = "2", ["perSite"] = "True", ["labels"] = """{"cost":"standby"}""", ["zones"] = """["1"]""" }
            : new() { ["size"] = "B1", ["Instances"] = 2, ["perSite"] = true, ["labels"] = new { cost = "standby" }, ["zones"] = new[] { "1" } }));

        Assert.True(end.Outcome == StepOutcome.Done, end.Summary);
        var cold = await Scene.ReadAsync(OperationScene.Id("Microsoft.Web/serverfarms", "cold"), "2024-11-01");
        Assert.Equal(("B1", 2), (cold["sku"]!["name"]!.GetValue<string>(), cold["sku"]!["capacity"]!.GetValue<int>())); // The test fails otherwise.
        Assert.True(cold["properties"]!["perSiteScaling"]!.GetValue<bool>());
        Assert.Equal("standby", cold["tags"]!["cost"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("size", null, "'size' has no value and no default; expected it among the step's parameters")]
    [InlineData("instances", "many", "'instances' is 'many'; expected a whole number")]
    [InlineData("instances", "2.0", "'instances' is '2.0'; expected a whole number")]
    [InlineData("perSite", "yes", "'perSite' is 'yes'; expected true or false")]
    [InlineData("instances", 2.5, "'instances' is '2.5'; expected a whole number")]
    [InlineData("instances", true, "'instances' is 'true'; expected a whole number")]
    [InlineData("perSite", 1, "'perSite' is '1'; expected true or false")]
    [InlineData("size", 5, "'size' is 5; expected text, with quotes around it")]
    [InlineData("labels", "[]", "'labels' is '[]'; expected a map, or a JSON object in quotes")]
    [InlineData("labels", "{\"a\":1,\"a\":2}", "'labels' is '{\"a\":1,\"a\":2}'; expected a map, or a JSON object in quotes")]
    [InlineData("labels", 1, "'labels' is '1'; expected a map, or a JSON object in quotes")]
    [InlineData("zones", "1", "'zones' is '1'; expected a list, or a JSON array in quotes")]
    [InlineData("colour", "red", "'colour' is unknown to the template; expected one of size, instances, perSite, labels, zones, secret")]
    [InlineData("secret", "hunter2", "'secret' is a secureString, and a plan holds no secret; expected a template that reads it from a key vault")]
    public async Task Check_ParameterThatDoesNotFit_SaysWhichAndSendsNothing(string name, object? value, string expected)
    {
        await UploadAsync(Template);
        var parameters = new Dictionary<string, object> { ["size"] = "B1", ["instances"] = 1 };
        if (value is null)
        {
            parameters.Remove(name);
        }
        else
        {
            parameters[name] = value;
        }

        var check = await Assert.ThrowsAsync<RecoveryException>(() => Deployments().CheckAsync(Blob, Json(parameters), default));
        var end = await Scene.DriveAsync(Deploying(parameters));

        Assert.Equal(("ParametersUnsuitable", false), (check.Code, check.IsTransient));
        Assert.Equal($"The parameters do not fit the template '{Path}': {expected}.", check.Message);
        Assert.Equal((StepOutcome.Failed, "ParametersUnsuitable"), (end.Outcome, end.Code));
        Assert.DoesNotContain("hunter2", check.ToString(), StringComparison.Ordinal);
        Assert.Empty(Scene.Requests("PUT", "/deployments/"));
    }

    [Theory]
    [InlineData("param size string", "is not JSON")]
    [InlineData("", "is not JSON")]
    [InlineData("[]", "is no object whose '$schema' is that of a deploymentTemplate.json")]
    [InlineData("""{"$schema":"https://schema.management.azure.com/schemas/2015-01-01/deploymentParameters.json#"}""", "is no object whose '$schema' is that of a deploymentTemplate.json")]
    [InlineData("""{"resources":[],"resources":[]}""", "is not JSON")]
    public async Task Check_NoTemplate_SaysWhy(string content, string expected)
    {
        await UploadAsync(content);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Deployments().CheckAsync(Blob, new Dictionary<string, JsonElement>(), default));

        Assert.Equal(("TemplateUnsuitable", false), (failure.Code, failure.IsTransient));
        Assert.StartsWith($"the template '{Path}' in the container '{Container.Name}' of 'TEMPLATES' {expected}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_TemplateLargerThanResourceManagerTakes_IsNotRead()
    {
        await UploadAsync(new string(' ', (4 * 1024 * 1024) + 1));

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Deployments().CheckAsync(Blob, new Dictionary<string, JsonElement>(), default));

        Assert.Equal("TemplateUnsuitable", failure.Code);
        Assert.Contains("has 4194305 bytes, expected at most 4194304", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BlobOrContainerMissing_SaysSo()
    {
        var elsewhere = Blob with { Blob = new BlobContainer("TEMPLATES", "nowhere") };

        Assert.Equal("TemplateMissing", (await Assert.ThrowsAsync<RecoveryException>(() => Deployments().CheckAsync(Blob, new Dictionary<string, JsonElement>(), default))).Code);
        Assert.Equal("TemplateMissing", (await Assert.ThrowsAsync<RecoveryException>(() => Deployments().CheckAsync(elsewhere, new Dictionary<string, JsonElement>(), default))).Code);
    }

    [Fact]
    public async Task Check_StorageDoesNotAnswer_IsTransient()
    {
        var silent = Deployments("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;BlobEndpoint=http://127.0.0.1:1/a;");

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => silent.CheckAsync(Blob, new Dictionary<string, JsonElement>(), default));

        Assert.Equal(("TemplateUnavailable", true), (failure.Code, failure.IsTransient));
    }

    private async Task UploadAsync(string content) => await Container.GetBlobClient(Path).UploadAsync(new BinaryData(Encoding.UTF8.GetBytes(content)), overwrite: true);

    private DeploymentsAdapter Deployments(string? connection = null) => new(
        Scene.Client,
        new TemplateBlobs(new BlobConnections(
            _ => connection ?? storage.Server.ConnectionStringOf("northeurope"),
            new BlobClientSettings { MaxRetries = 0 })));

    private static Dictionary<string, JsonElement> Json(Dictionary<string, object> parameters) =>
        parameters.ToDictionary(each => each.Key, each => JsonSerializer.SerializeToElement(each.Value));

    private OperationWork Deploying(Dictionary<string, object> parameters) => new()
    {
        What = "the deployment",
        ReadAsync = async stop => await Deployments().ReadAsync(s_deployment, stop) switch
        {
            { State: OperationState.Succeeded } => OperationTarget.Reached("deployed"),
            { State: OperationState.Running } running => OperationTarget.Changing(running.Status),
            var other => OperationTarget.Open(other?.Error ?? "not begun"),
        },
        BeginAsync = stop => Deployments().BeginAsync(s_deployment, Blob, Json(parameters), stop),
    };
}
