using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Tests.StorageAccounts;

public class ImmutabilityTests
{
    private const string Account = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/shopdata";
    private const string Service = Account + "/blobServices/default";
    private const string Container = Service + "/containers/backups";
    private const string Policy = Container + "/immutabilityPolicies/default";

    [Fact]
    public async Task Policy_LockedAndExtended_ByItsEntityTagOnly()
    {
        await using var simulation = await StartAsync();

        var first = await SendAsync(simulation, "PUT", Policy, Days(3));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "PreconditionFailed"), Code(await SendAsync(simulation, "PUT", Policy, Days(4), "\"other\"")));
        var second = await SendAsync(simulation, "PUT", Policy, Days(4), first.ETag);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal((HttpStatusCode.BadRequest, "MissingRequiredHeader"), Code(await SendAsync(simulation, "POST", Policy + "/lock")));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "PreconditionFailed"), Code(await SendAsync(simulation, "POST", Policy + "/lock", null, first.ETag)));
        Assert.Equal((HttpStatusCode.Conflict, "ImmutabilityPolicyNotLocked"), Code(await SendAsync(simulation, "POST", Policy + "/extend", Days(9), second.ETag)));
        var locked = await SendAsync(simulation, "POST", Policy + "/lock", null, second.ETag);
        Assert.Equal("Locked", (string?)locked.Body!["properties"]!["state"]);

        Assert.Equal((HttpStatusCode.Conflict, "ImmutabilityPolicyLocked"), Code(await SendAsync(simulation, "PUT", Policy, Days(1), locked.ETag)));
        Assert.Equal((HttpStatusCode.Conflict, "ImmutabilityPolicyLocked"), Code(await SendAsync(simulation, "DELETE", Policy, null, locked.ETag)));
        Assert.Equal((HttpStatusCode.BadRequest, "InvalidValuesForRequestParameters"), Code(await SendAsync(simulation, "POST", Policy + "/extend", Days(2), locked.ETag)));
        var extended = await SendAsync(simulation, "POST", Policy + "/extend", Days(9), locked.ETag);
        Assert.Equal(9, (int?)extended.Body!["properties"]!["immutabilityPeriodSinceCreationInDays"]);
        Assert.Equal((HttpStatusCode.Conflict, "ContainerProtectedFromDeletion"), Code(await SendAsync(simulation, "DELETE", Container)));
    }

    [Fact]
    public async Task Policy_Unlocked_IsDeletedByItsEntityTag()
    {
        await using var simulation = await StartAsync();
        var put = await SendAsync(simulation, "PUT", Policy, Days(3));

        var deleted = await SendAsync(simulation, "DELETE", Policy, null, put.ETag);

        Assert.Equal(0, (int?)deleted.Body!["properties"]!["immutabilityPeriodSinceCreationInDays"]);
        Assert.Equal((HttpStatusCode.NotFound, "ImmutabilityPolicyNotFound"), Code(await SendAsync(simulation, "DELETE", Policy, null, put.ETag)));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(simulation, "DELETE", Container)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(simulation, "DELETE", Container)).Status);
    }

    [Fact]
    public async Task LegalHold_SetAndCleared_ProtectsTheContainer()
    {
        await using var simulation = await StartAsync();

        Assert.Equal("""["a","b"]""", (await SendAsync(simulation, "POST", Container + "/setLegalHold", new { tags = new[] { "a", "b" } })).Body!["tags"]!.ToJsonString());
        Assert.Equal((HttpStatusCode.Conflict, "ContainerProtectedFromDeletion"), Code(await SendAsync(simulation, "DELETE", Container)));
        Assert.True((bool?)(await SendAsync(simulation, "GET", Container)).Body!["properties"]!["hasLegalHold"]);
        Assert.False((bool?)(await SendAsync(simulation, "POST", Container + "/clearLegalHold", new { tags = new[] { "a", "b" } })).Body!["hasLegalHold"]);
    }

    [Fact]
    public async Task BlobService_PutAgain_ReplacesAllSettings()
    {
        await using var simulation = await StartAsync();
        await SendAsync(simulation, "PUT", Service, new { properties = new { isVersioningEnabled = true, cors = new { corsRules = Array.Empty<object>() } } });

        await SendAsync(simulation, "PUT", Service, new { properties = new { deleteRetentionPolicy = new { enabled = true, days = 7 } } });

        Assert.Equal("""{"deleteRetentionPolicy":{"enabled":true,"days":7}}""", (await SendAsync(simulation, "GET", Service)).Body!["properties"]!.ToJsonString());
    }

    [Theory]
    [InlineData("PUT", Service + "/containers/No_Name", null, 400, "InvalidValuesForRequestParameters")]
    [InlineData("GET", Service + "/containers/none", null, 404, "ContainerNotFound")]
    [InlineData("PATCH", Service + "/containers/none", null, 404, "ContainerNotFound")]
    [InlineData("PUT", Policy, """{"properties":{}}""", 400, "InvalidValuesForRequestParameters")]
    [InlineData("PUT", Policy, """{"properties":{"immutabilityPeriodSinceCreationInDays":0}}""", 400, "InvalidValuesForRequestParameters")]
    [InlineData("POST", Container + "/setLegalHold", """{"tags":"a"}""", 400, "InvalidValuesForRequestParameters")]
    [InlineData("POST", Container + "/lease", """{}""", 404, "InvalidResourcePath")]
    [InlineData("GET", Account + "/blobServices/second", null, 404, "InvalidResourcePath")]
    public async Task Request_Bad_IsRefused(string method, string path, string? body, int status, string code)
    {
        await using var simulation = await StartAsync();

        Assert.Equal(((HttpStatusCode)status, code), Code(await SendAsync(simulation, method, path, body is null ? null : JsonNode.Parse(body))));
    }

    private static async Task<Simulation> StartAsync()
    {
        var simulation = await Simulation.StartAsync(Scenarios.Shop() with
        {
            StorageAccounts = [new() { Name = "shopdata", ResourceGroup = "shop", Region = "westeurope" }],
        });
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(simulation, "PUT", Container)).Status);
        return simulation;
    }

    private static object Days(int days) => new { properties = new { immutabilityPeriodSinceCreationInDays = days } };

    private static (HttpStatusCode, string?) Code((HttpStatusCode Status, JsonObject? Body, string? ETag) answer) => (answer.Status, (string?)answer.Body!["error"]!["code"]);

    private static async Task<(HttpStatusCode Status, JsonObject? Body, string? ETag)> SendAsync(Simulation simulation, string method, string path, object? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path + "?api-version=2023-05-01");
        request.Content = body is null ? null : JsonContent.Create(body);
        if (ifMatch is not null)
        {
            request.Headers.Add("If-Match", ifMatch);
        }

        using var response = await simulation.Arm.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject(), response.Headers.ETag?.Tag);
    }
}
