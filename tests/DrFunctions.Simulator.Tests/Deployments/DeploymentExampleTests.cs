using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests.Deployments;

/// <summary>The specification's examples of Microsoft.Resources/deployments, their linked template standing in for the one they name.</summary>
public class DeploymentExampleTests
{
    private const string Identity = "Microsoft.Web/serverfarms";

    [SharedTheory("azure-specs/Microsoft.Resources")]
    [InlineData("PutDeploymentResourceGroup", "Succeeded")]
    [InlineData("PutDeploymentWithOnErrorDeploymentLastSuccessful", "Accepted")]
    public async Task Put_Example_HasItsStatusesAndShape(string example, string state)
    {
        var file = SpecShape.Read("Microsoft.Resources", example);
        // Three resources, one after the other, as the example's network and subnets are.
        await using var simulation = await StartAsync(file, state == "Succeeded"
            ? """[{ "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-05-01", "name": "mystorageaccount", "location": "eastus", "kind": "StorageV2", "sku": { "name": "Standard_LRS" }, "properties": {} }]"""
            : """
              [
                { "type": "Microsoft.Sql/servers", "apiVersion": "2023-08-01", "name": "net", "location": "eastus" },
                { "type": "Microsoft.Sql/servers/databases", "apiVersion": "2023-08-01", "name": "net/one", "location": "eastus", "dependsOn": ["net"] },
                { "type": "Microsoft.Sql/servers/databases", "apiVersion": "2023-08-01", "name": "net/two", "location": "eastus", "dependsOn": ["net", "net/one"] }
              ]
              """);
        if (state == "Accepted")
        {
            await simulation.SendAsync("PUT", Url(file).Replace("my-deployment", "earlier", StringComparison.Ordinal), WithoutRollback(file));
            simulation.Time.Advance(TimeSpan.FromMinutes(5));
        }

        var (created, body, _) = await simulation.SendAsync("PUT", Url(file), file["parameters"]!["parameters"]);
        Assert.Equal(HttpStatusCode.Created, created);
        Check("201", body, "provisioningState");
        simulation.Time.Advance(TimeSpan.FromMinutes(5));
        var (again, second, _) = await simulation.SendAsync("PUT", Url(file), file["parameters"]!["parameters"]);
        Assert.Equal(HttpStatusCode.OK, again);
        Check("200", state == "Accepted" ? second : null);
        simulation.Time.Advance(TimeSpan.FromMinutes(5));
        var (found, shown, _) = await simulation.SendAsync("GET", Url(file));
        Assert.Equal((HttpStatusCode.OK, "Succeeded"), (found, (string?)shown!["properties"]!["provisioningState"]));
        Check("200", state == "Succeeded" ? shown : null);

        void Check(string status, JsonNode? answer, params string[] alsoFree)
        {
            if (answer is not null)
            {
                var expected = file["responses"]![status]!["body"]!.DeepClone();
                // The example's link became that of a template spec, and its resources are of types that the simulator has not.
                expected["properties"]!.AsObject().Remove("templateLink");
                RemoveIds(expected);
                SpecShape.AssertHas(expected, answer, "$", [
                    "templateHash", "timestamp", "duration", "correlationId", "namespace", "resourceType", "locations[0]", "resourceName", "deploymentName", .. alsoFree]);
            }
        }
    }

    [SharedFact("azure-specs/Microsoft.Resources")]
    public async Task WhatIf_Example_HasItsStatusesAndShape()
    {
        var file = SpecShape.Read("Microsoft.Resources", "PostDeploymentWhatIfOnResourceGroup");
        await using var simulation = await StartAsync(file, $$"""
            [
              { "type": "{{Identity}}", "apiVersion": "2023-12-01", "name": "myExistingIdentity", "location": "westus2", "tags": { "myNewTag": "my tag value" } },
              { "type": "{{Identity}}", "apiVersion": "2023-12-01", "name": "myNewIdentity", "location": "eastus", "tags": { "myOtherNewTag": "another new tag value" } }
            ]
            """, new ScenarioAppServicePlan { Name = "myExistingIdentity", ResourceGroup = "my-resource-group", Region = "westus2" });

        var (status, body, response) = await simulation.SendAsync("POST", Url(file, "/whatIf"), file["parameters"]!["parameters"]);
        Assert.Equal((HttpStatusCode.Accepted, null), (status, body));
        simulation.Time.Advance(TimeSpan.FromSeconds(5));
        var result = (await simulation.SendAsync("GET", response.Headers.Location!.ToString())).Body!;

        var expected = JsonNode.Parse(file["responses"]!["200"]!["body"]!.ToJsonString().Replace("Microsoft.ManagedIdentity/userAssignedIdentities", Identity, StringComparison.Ordinal))!;
        SpecShape.AssertHas(expected, result, "$", "apiVersion");
    }

    private static void RemoveIds(JsonNode? node)
    {
        (node as JsonObject)?.Remove("id");
        foreach (var child in node switch { JsonObject members => members.Select(each => each.Value), JsonArray items => items, _ => [] })
        {
            RemoveIds(child);
        }
    }

    private static JsonNode WithoutRollback(JsonObject file)
    {
        var body = file["parameters"]!["parameters"]!.DeepClone();
        body["properties"]!.AsObject().Remove("onErrorDeployment");
        return body;
    }

    private static Task<Simulation> StartAsync(JsonObject file, string resources, params IReadOnlyList<ScenarioAppServicePlan> plans) => Simulation.StartAsync(new Scenario
    {
        SubscriptionId = (string)file["parameters"]!["subscriptionId"]!,
        ResourceGroups = [(string)file["parameters"]!["resourceGroupName"]!],
        Regions = [new() { Name = "eastus", Address = "127.0.0.11" }, new() { Name = "westus2", Address = "127.0.0.12" }],
        AppServicePlans = plans,
        LinkedTemplates =
        [
            new()
            {
                Uri = "https://example.com/exampleTemplate.json",
                Json = $$"""{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": {{resources}} }""",
            },
        ],
    });

    private static string Url(JsonObject file, string action = "") =>
        $"/subscriptions/{file["parameters"]!["subscriptionId"]}/resourceGroups/{file["parameters"]!["resourceGroupName"]}/providers/Microsoft.Resources/deployments/my-deployment{action}?api-version=2024-07-01";
}
