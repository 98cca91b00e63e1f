using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests.StorageAccounts;

/// <summary>The specification's own examples of storage accounts.</summary>
public class StorageExampleTests
{
    private const string Account = "/subscriptions/{s}/resourceGroups/{rg}/providers/Microsoft.Storage/storageAccounts/{account}";

    private static readonly string[] Free =
        ["key1", "key2", "creationTime", "lastEnabledTime", "lastSyncTime", "primaryLocation", "secondaryLocation", "id"];

    [SharedTheory("azure-specs/Microsoft.Storage")]
    [InlineData("StorageAccountCreate")]
    public async Task Create_Example_IsAcceptedThenTheAccount(string example)
    {
        var file = SpecShape.Read("Microsoft.Storage", example);
        await using var simulation = await StartAsync(file);
        var path = Fill(Account, file);

        var (status, body, accepted) = await simulation.SendAsync("PUT", path, file["parameters"]!["parameters"]);

        Assert.Equal((HttpStatusCode.Accepted, null), (status, body));
        simulation.Time.Advance(TimeSpan.FromMinutes(1));
        SpecShape.AssertHas(file["responses"]!["200"]!["body"]!, (await simulation.SendAsync("GET", accepted.Headers.Location!.ToString())).Body, "$", Free);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("PUT", path, file["parameters"]!["parameters"])).Status);
    }

    [SharedTheory("azure-specs/Microsoft.Storage")]
    [InlineData("StorageAccountGetProperties")]
    [InlineData("StorageAccountGetPropertiesGeoReplicationStatscanFailoverTrue")]
    public async Task Get_Example_HasItsShape(string example)
    {
        var file = SpecShape.Read("Microsoft.Storage", example);
        var shape = file["responses"]!["200"]!["body"]!.DeepClone().AsObject();
        await using var simulation = await StartAsync(file);
        var path = Fill(Account, file);
        var creation = shape.DeepClone().AsObject();
        creation["location"] = "eastus";
        await simulation.SendAsync("PUT", path, creation);
        simulation.Time.Advance(TimeSpan.FromMinutes(1));
        var expand = (string?)file["parameters"]!["$expand"];

        var (status, body, _) = await simulation.SendAsync("GET", path + (expand is null ? "" : "&$expand=" + expand));

        Assert.Equal(HttpStatusCode.OK, status);
        if (expand is null)
        {
            // One of the examples shows them unasked; the service does not.
            shape["properties"]!.AsObject().Remove("geoReplicationStats");
            Assert.Null(body!["properties"]!["geoReplicationStats"]);
        }

        SpecShape.AssertHas(shape, body, "$", Free);
    }

    [SharedTheory("azure-specs/Microsoft.Storage")]
    [InlineData("StorageAccountFailover")]
    public async Task Failover_Example_IsAcceptedThenEmpty(string example)
    {
        var file = SpecShape.Read("Microsoft.Storage", example);
        await using var simulation = await StartAsync(file, (string)file["parameters"]!["accountName"]!);

        var (status, body, accepted) = await simulation.SendAsync("POST", Fill(Account + "/failover", file));

        Assert.Equal((HttpStatusCode.Accepted, null), (status, body));
        var expected = (string)file["responses"]!["202"]!["headers"]!["Location"]!;
        var location = accepted.Headers.Location!;
        Assert.EndsWith("/asyncoperations/{operationid}", expected.Split('?')[0], StringComparison.Ordinal);
        Assert.Matches("^/subscriptions/[^/]+/providers/Microsoft.Storage/locations/eastus/asyncoperations/[-0-9a-f]{36}$", location.AbsolutePath);
        Assert.Contains("monitor=true", expected, StringComparison.Ordinal);
        Assert.StartsWith("?monitor=true&api-version=", location.Query, StringComparison.Ordinal);
        simulation.Time.Advance(TimeSpan.FromMinutes(1));
        var (done, empty, _) = await simulation.SendAsync("GET", location.ToString());
        Assert.Equal((HttpStatusCode.OK, null), (done, empty));
    }

    [SharedTheory("azure-specs/Microsoft.Storage")]
    [InlineData("BlobServicesGet", "PUT,GET", "/blobServices/default")]
    [InlineData("BlobServicesPut", "PUT", "/blobServices/default")]
    [InlineData("BlobContainersPutImmutabilityPolicy", "PUT", "/blobServices/default/containers/{container}/immutabilityPolicies/default")]
    [InlineData("BlobContainersGetImmutabilityPolicy", "PUT,GET", "/blobServices/default/containers/{container}/immutabilityPolicies/default")]
    [InlineData("BlobContainersLockImmutabilityPolicy", "PUT,POST", "/blobServices/default/containers/{container}/immutabilityPolicies/default/lock")]
    [InlineData("BlobContainersSetLegalHold", "POST", "/blobServices/default/containers/{container}/setLegalHold")]
    public async Task BlobService_Example_HasItsShape(string example, string methods, string path)
    {
        var file = SpecShape.Read("Microsoft.Storage", example);
        var shape = file["responses"]!["200"]!["body"]!;
        await using var simulation = await StartAsync(file, (string)file["parameters"]!["accountName"]!);
        var container = (string?)file["parameters"]!["containerName"];
        path = Fill(Account + path, file).Replace("{container}", container, StringComparison.Ordinal);
        if (container is not null)
        {
            Assert.Equal(HttpStatusCode.Created, (await simulation.SendAsync("PUT", Fill(Account + "/blobServices/default/containers/" + container, file))).Status);
        }

        (HttpStatusCode Status, JsonObject? Body, HttpResponseMessage Response) answer = default;
        foreach (var method in methods.Split(','))
        {
            // The lock is of a policy that was put before and is named by its entity tag.
            var at = method == "PUT" ? path.Replace("/lock", "", StringComparison.Ordinal) : path;
            var body = method == "GET" || at.Contains("/lock", StringComparison.Ordinal) ? null : file["parameters"]!["parameters"] ?? file["parameters"]!["LegalHold"] ?? new JsonObject { ["properties"] = shape["properties"]!.DeepClone() };
            using var request = new HttpRequestMessage(new HttpMethod(method), at);
            request.Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body);
            if (answer.Response?.Headers.ETag is { } tag)
            {
                request.Headers.Add("If-Match", tag.Tag);
            }

            var response = await simulation.Arm.SendAsync(request);
            answer = (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject(), response);
        }

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        SpecShape.AssertHas(shape, answer.Body, "$", [.. Free, "etag"]);
    }

    private static string Fill(string path, JsonObject file)
    {
        var parameters = file["parameters"]!;
        return path.Replace("{s}", (string?)parameters["subscriptionId"], StringComparison.Ordinal)
            .Replace("{rg}", (string?)parameters["resourceGroupName"], StringComparison.Ordinal)
            .Replace("{account}", (string?)parameters["accountName"], StringComparison.Ordinal)
            + "?api-version=" + (string?)parameters["api-version"];
    }

    private static Task<Simulation> StartAsync(JsonObject file, string? account = null)
    {
        var group = (string)file["parameters"]!["resourceGroupName"]!;
        return Simulation.StartAsync(new Scenario
        {
            SubscriptionId = (string)file["parameters"]!["subscriptionId"]!,
            ResourceGroups = [group],
            Regions = [new() { Name = "eastus", Address = "127.0.0.11" }, new() { Name = "westus", Address = "127.0.0.12" }],
            StorageAccounts = account is null ? [] : [new() { Name = account, ResourceGroup = group, Region = "eastus", Sku = "Standard_GRS" }],
        });
    }
}
