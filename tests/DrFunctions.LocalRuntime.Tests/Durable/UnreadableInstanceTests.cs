using System.Net;
using System.Text;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.DurableHttp;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>An instance that cannot be read is shown, left and told of; the others are listed and purged.</summary>
public sealed class UnreadableInstanceTests
{
    private const string Head =
        """{"instanceId":"bad","name":"Quick","executionId":"e","status":"completed","createdAt":"2030-01-01T00:00:00Z","updatedAt":"2030-01-01T00:00:00Z",""";

    public static TheoryData<string> Damages => new()
    {
        "{",
        Head + "\"schema\":99}",
        Head + "\"schema\":2,\"history\":[{\"id\":0}]}",
        Head + "\"schema\":2,\"input\":{\"file\":\"x\"}}",
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task ListAndPurge_WithOneThatCannotBeRead_GoOnOverTheOthers(string body)
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Quick", _ => Task.FromResult<object?>("x"));
        var host = await world.StartHoldingAsync();
        await world.RunAsync(host, "Quick", id: "good");
        await PutAsync(world.Store, body);

        var listed = await ListAsync(host.Client);
        var purged = await host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter());

        Assert.Equal(["bad Completed ", "good Completed \"x\""], listed);
        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.NotNull(await world.Store.ReadAsync("instances/bad", default));
        Assert.Equal([1, 1], [world.Log.Count(2021), world.Log.Count(2022)]);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => host.Client.GetInstanceAsync("bad"));
        Assert.StartsWith("Instance 'bad' ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Purge_OfOneWhoseDocumentsAnEarlierPurgeHasDeleted_EndsIt()
    {
        await using var world = new DurableWorld();
        var host = await world.StartHoldingAsync();
        await PutAsync(world.Store, Head + "\"schema\":2,\"input\":{\"document\":\"payloads/bad/e/gone\"}}");

        var listed = await ListAsync(host.Client);
        var purged = await host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter());

        Assert.Equal(["bad Completed "], listed);
        Assert.Equal(1, purged.PurgedInstanceCount);
    }

    [Fact]
    public async Task ManagementApi_OfOneThatCannotBeRead_SaysSo()
    {
        var store = new MemoryHubStore();
        await PutAsync(store, "{");
        await using var host = await FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(ManagementApiTests.Functions)],
            Settings = new Dictionary<string, string?> { ["AzureFunctionsJobHost__extensions__durableTask__hubName"] = "Damaged" },
            Hub = store,
        });
        var instances = "/runtime/webhooks/durabletask/instances";
        var key = $"?code={host.DurableTaskKey}";

        using var one = await host.Client.GetAsync($"{instances}/bad{key}");
        using var all = await host.Client.GetAsync($"{instances}{key}");
        using var purged = await host.Client.DeleteAsync($"{instances}/bad{key}");

        Assert.Equal(HttpStatusCode.Conflict, one.StatusCode);
        Assert.StartsWith("Instance 'bad' is damaged and left as it is: ", await one.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, all.StatusCode);
        Assert.Contains("\"instanceId\":\"bad\"", await all.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, purged.StatusCode);
    }

    private static async Task<IReadOnlyList<string>> ListAsync(DurableTaskClient client)
    {
        var listed = new List<string>();
        await foreach (var instance in client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)))
        {
            listed.Add($"{instance.InstanceId} {instance.RuntimeStatus} {instance.SerializedOutput}");
        }

        return listed;
    }

    private static Task<string?> PutAsync(MemoryHubStore store, string body) => store.CreateAsync(
        "instances/bad",
        new DocumentContent(Encoding.UTF8.GetBytes(body), new Dictionary<string, string>
        {
            ["name"] = "Quick",
            ["status"] = "Completed",
            ["created"] = "2030-01-01T00:00:00Z",
            ["updated"] = "2030-01-01T00:00:00Z",
            ["work"] = "0",
            ["commit"] = "c",
        }),
        default);
}
