using System.Text.Json;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Deploy;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.Deploy;

public sealed class DeployTests
{
    private const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/standby";
    private static readonly DeploymentTemplate s_template = new(new BlobContainer("TEMPLATES", "templates"), "standby.json", null);

    [Fact]
    public async Task Step_Deploys_UnderANameOfTheRunAndIsDoneOnce()
    {
        var scene = new StepScene(Step("deploy"));

        var end = await scene.DriveAsync();
        var again = await scene.DriveAsync();

        Assert.Equal((StepOutcome.Done, "'dr-shop-run-1-deploy' deployed 1 resources to standby"), (end.Outcome, end.Summary));
        Assert.Equal(StepOutcome.Done, again.Outcome);
        Assert.Equal(["deploy dr-shop-run-1-deploy"], scene.Effects);
        Assert.Equal((s_template, "P1v3"), (scene.Azure.Deployed!.Value.Template, scene.Azure.Deployed.Value.Parameters["size"].GetString()));
    }

    [Fact]
    public async Task Step_LongName_StillTellsStepsApart()
    {
        var names = new HashSet<string>();
        foreach (var end in new[] { "a", "b" })
        {
            var scene = new StepScene(Step($"child/{new string('x', 80)}{end}"));
            await scene.DriveAsync();
            names.Add(scene.Effects.Single()["deploy ".Length..]);
        }

        Assert.Equal(2, names.Count);
        Assert.All(names, name => Assert.Matches("^[-_.A-Za-z0-9]{64}$", name));
    }

    [Fact]
    public async Task Check_TemplateThatCannotBeRead_Fails()
    {
        var scene = new StepScene(Step("deploy")) { Azure = { TemplateFailure = new RecoveryException("TemplateMissing", "m", isTransient: false, "h") } };

        Assert.Equal("TemplateMissing", (await Assert.ThrowsAsync<RecoveryException>(scene.CheckAsync)).Code);
    }

    [Fact]
    public async Task Undo_LeavesWhatWasDeployed() => Assert.Equal(StepOutcome.Done, (await new StepScene(Step("deploy")).UndoAsync()).Outcome);

    [Theory]
    [InlineData("link", "", "has a link and a blob; expected either link, or connection, container and path.")]
    [InlineData("path", "", "has no path; expected connection, container and path, or link.")]
    [InlineData("http", "link", "is 'http://templates.example/standby.json'; expected an https address.")]
    public void Kind_TemplateNotNamedInOneWay_IsRefused(string mistake, string field, string message)
    {
        var values = new Dictionary<string, object> { ["resourceGroup"] = Group, ["connection"] = "TEMPLATES", ["container"] = "templates", ["path"] = "standby.json" };
        switch (mistake)
        {
            case "link":
                values["link"] = new Uri("https://templates.example/standby.json");
                break;
            case "path":
                values.Remove("path");
                break;
            default:
                values = new() { ["resourceGroup"] = Group, ["link"] = new Uri("http://templates.example/standby.json") };
                break;
        }

        var read = new StepFieldValues(values);
        StepKindCatalog.Find("deploy")!.Build(read);

        Assert.Equal([(field, message)], read.Mistakes);
    }

    [Fact]
    public void Kind_Rights_AreThoseOfTheDeploymentAndOfWhatItDeploys() => Assert.Equal(
        [
            new("Microsoft.Resources/deployments/read", Group),
            new("Microsoft.Resources/deployments/write", Group),
            new("Microsoft.Resources/deployments/operationStatuses/read", Group),
            new("Microsoft.Resources/subscriptions/resourceGroups/read", Group),
            new("Microsoft.Web/serverfarms/write", Group),
            new RequiredPermission("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read", "TEMPLATES", PermissionKind.StorageData),
        ],
        StepKindCatalog.Of(Step("deploy")).Permissions(Step("deploy"), Builders.APlan().Build()));

    [Fact]
    public void Kind_Commands_FetchAndDeploy() => Assert.Equal(
        [
            "az storage blob download --connection-string \"$TEMPLATES\" --container-name 'templates' --name 'standby.json' --file template.json",
            "az deployment group create --mode Incremental --subscription '00000000-0000-0000-0000-000000000001' --resource-group 'standby' --template-file template.json --parameters 'size=P1v3'",
        ],
        StepKindCatalog.Of(Step("deploy")).AzCommands(Step("deploy"), Builders.APlan().Build()));

    private static DeployStep Step(string name) => new(
        name, TimeSpan.FromHours(1), Group, s_template, new Dictionary<string, JsonElement> { ["size"] = JsonSerializer.SerializeToElement("P1v3") }, ["Microsoft.Web/serverfarms/write"]);
}
