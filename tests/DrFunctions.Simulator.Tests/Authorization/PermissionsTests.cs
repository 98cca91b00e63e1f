using System.Net;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Tests.Authorization;

/// <summary>What callers may do, listed and enforced.</summary>
public sealed class PermissionsTests
{
    private const string Group = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop";
    private const string Site = Group + "/providers/Microsoft.Web/sites/shop-westeurope";

    [Theory]
    [InlineData("/subscriptions/" + Scenarios.Subscription)]
    [InlineData(Group)]
    [InlineData(Site)]
    [InlineData(Site + "/providers/Microsoft.Web/sites/absent")]
    public async Task List_AScenarioThatSaysNothing_IsEverything(string scope)
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await ListAsync(simulation, scope);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["*"], Texts(Assert.Single(body!["value"]!.AsArray())!["actions"]!));
    }

    [Fact]
    public async Task List_OfAResource_HasTheRolesThereAndAbove()
    {
        await using var simulation = await Simulation.StartAsync(Allowed(
            new() { Actions = ["*/read"], NotActions = ["Microsoft.Sql/*"] },
            new() { Scope = Site.ToUpperInvariant().Replace(Scenarios.Subscription.ToUpperInvariant(), Scenarios.Subscription, StringComparison.Ordinal), Actions = ["Microsoft.Web/sites/stop/action"], DataActions = ["d"], NotDataActions = ["n"] },
            new() { Scope = Site + "-other", Actions = ["*"] }));

        var (_, body, _) = await ListAsync(simulation, Site);

        var roles = body!["value"]!.AsArray();
        Assert.Equal(2, roles.Count);
        Assert.Equal(["Microsoft.Sql/*"], Texts(roles[0]!["notActions"]!));
        Assert.Equal(["d", "n"], [.. Texts(roles[1]!["dataActions"]!), .. Texts(roles[1]!["notDataActions"]!)]);
    }

    [Theory]
    [InlineData("GET", Site, "Microsoft.Web/sites/read", Site)]
    [InlineData("POST", Site + "/stop", "Microsoft.Web/sites/stop/action", Site)]
    [InlineData("GET", Group + "/providers/Microsoft.Web/sites", "Microsoft.Web/sites/read", Group)]
    [InlineData("DELETE", Site, "Microsoft.Web/sites/delete", Site)]
    [InlineData("PUT", Simulation.ProfilePath, "Microsoft.Network/trafficmanagerprofiles/write", Simulation.ProfilePath)]
    public async Task Request_NoRoleAllows_IsForbiddenAndNamesActionAndScope(string method, string path, string action, string scope)
    {
        await using var simulation = await Simulation.StartAsync(Allowed(new ScenarioRole { Actions = ["*"], NotActions = [action] }));

        var (status, body, _) = await simulation.SendAsync(method, path, method == "PUT" ? new JsonObject() : null);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("AuthorizationFailed", (string?)body!["error"]!["code"]);
        Assert.Contains($"to perform action '{action}' over scope '{scope}'", (string?)body["error"]!["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*/read")]
    [InlineData("microsoft.web/*")]
    [InlineData("Microsoft.*/sites/*ead")]
    [InlineData("Microsoft.Web/sites/read")]
    public async Task Request_ARoleAllows_IsAnswered(string pattern)
    {
        await using var simulation = await Simulation.StartAsync(Allowed(new ScenarioRole { Scope = Group, Actions = [pattern] }));

        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Site)).Status);
    }

    [Theory]
    [InlineData("Microsoft.Web/sites/rea")]
    [InlineData("*/write")]
    [InlineData("Microsoft.*/slots/*")]
    [InlineData("Microsoft.Web/sites/read*d")]
    public async Task Request_NoPatternFits_IsForbidden(string pattern)
    {
        await using var simulation = await Simulation.StartAsync(Allowed(new ScenarioRole { Actions = [pattern] }));

        Assert.Equal(HttpStatusCode.Forbidden, (await simulation.SendAsync("GET", Site)).Status);
    }

    [Theory]
    [InlineData("scope", "/subscriptions/other", "permissions[0].scope: expected '/subscriptions/")]
    [InlineData("scope", "shop", "permissions[0].scope: expected '/subscriptions/")]
    [InlineData("action", "Microsoft.Web/ sites", "permissions[0].actions: expected operations")]
    [InlineData("action", "", "permissions[0].actions: expected operations")]
    public void Scenario_WithAWrongPermission_IsRefused(string member, string value, string message)
    {
        var wrong = member == "scope" ? new ScenarioRole { Scope = value } : new ScenarioRole { Actions = [value] };

        Assert.Contains(message, Assert.Throws<ScenarioException>(() => Allowed(wrong).Validate()).Message, StringComparison.Ordinal);
    }

    private static Scenario Allowed(params ScenarioRole[] permissions) => Scenarios.Shop() with { Permissions = permissions };

    private static Task<(HttpStatusCode Status, JsonObject? Body, HttpResponseMessage Response)> ListAsync(Simulation simulation, string scope) =>
        simulation.SendAsync("GET", $"{scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01");

    private static List<string> Texts(JsonNode list) => [.. list.AsArray().Select(item => (string)item!)]; // texts only
}
