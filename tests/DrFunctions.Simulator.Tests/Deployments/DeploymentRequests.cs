using System.Net;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Tests.Deployments;

/// <summary>Deployments as requests, and what became of them.</summary>
internal static class DeploymentRequests
{
    public const string Group = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop";
    public const string History = Group + "/providers/Microsoft.Resources/deployments";

    /// <summary>A cold standby: a plan, a web app on it and a Traffic Manager profile.</summary>
    public const string Standby = """
        [
          {
            "type": "Microsoft.Web/sites", "apiVersion": "2023-12-01", "name": "[variables('site')]", "location": "[parameters('location')]",
            "dependsOn": ["[resourceId('Microsoft.Web/serverfarms', 'standby')]"],
            "properties": { "serverFarmId": "[resourceId('Microsoft.Web/serverfarms', 'standby')]" }
          },
          {
            "type": "Microsoft.Web/serverfarms", "apiVersion": "2023-12-01", "name": "standby", "location": "[parameters('location')]",
            "sku": { "name": "P1v3", "capacity": "[parameters('instances')]" }
          }
        ]
        """;

    public static JsonObject Template(string resources, string outputs = "{}") => JsonNode.Parse($$"""
        {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
          "parameters": {
            "location": { "type": "string", "defaultValue": "[resourceGroup().location]" },
            "instances": { "type": "int", "defaultValue": 2, "minValue": 1, "maxValue": 10 },
            "key": { "type": "securestring", "defaultValue": "hidden" }
          },
          "variables": { "prefix": "[toLower(concat(resourceGroup().name, '-', parameters('location')))]", "site": "[format('{0}-standby', variables('prefix'))]" },
          "resources": {{resources}},
          "outputs": {{outputs}}
        }
        """)!.AsObject();

    public static JsonObject Body(JsonNode template, string mode = "Incremental", string parameters = "{}", string more = "") =>
        JsonNode.Parse($$"""{ "properties": { "mode": "{{mode}}", "parameters": {{parameters}}, "template": {{template.ToJsonString()}} {{more}} } }""")!.AsObject();

    /// <summary>Deploys and waits for the end; what the deployment shows then.</summary>
    public static async Task<JsonObject> DeployAsync(this Simulation simulation, string name, JsonObject body)
    {
        var (status, error, response) = await simulation.SendAsync("PUT", $"{History}/{name}", body);
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Created, error?.ToJsonString());
        simulation.Time.Advance(TimeSpan.FromMinutes(10));
        var shown = (await simulation.SendAsync("GET", $"{History}/{name}")).Body!;
        var poll = (await simulation.SendAsync("GET", response.Headers.GetValues("Azure-AsyncOperation").Single())).Body!;
        Assert.Equal((string?)shown["properties"]!["provisioningState"], (string?)poll["status"]);
        return shown;
    }

    /// <summary>The changes that a what-if foretells, in short.</summary>
    public static async Task<JsonObject> ForetellAsync(this Simulation simulation, JsonObject body)
    {
        var (status, none, response) = await simulation.SendAsync("POST", $"{History}/d/whatIf", body);
        Assert.Equal((HttpStatusCode.Accepted, null), (status, none));
        simulation.Time.Advance(TimeSpan.FromSeconds(5));
        return (await simulation.SendAsync("GET", response.Headers.Location!.ToString())).Body!;
    }
}
