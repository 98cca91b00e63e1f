using System.Text;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>A document that a newer version wrote is refused, left as it is, and stops nobody else.</summary>
public sealed class SchemaTests
{
    private const string Refusal = "Instance 'new' was written by a newer version (schema 99; this one reads up to 2) and is left as it is.";

    [Theory]
    [InlineData("\"history\":[]")]
    [InlineData("\"history\":[{\"event\":\"fromTheFuture\",\"id\":0}]")]
    [InlineData("\"history\":{\"segments\":7}")]
    public async Task Instance_OfANewerSchema_IsRefusedAndLeftAndTheOthersGoOn(string history)
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go"));
        var bytes = Encoding.UTF8.GetBytes(
            $$"""{"schema":99,"instanceId":"new","name":"Wait","executionId":"e","createdAt":"2030-01-01T00:00:00Z","updatedAt":"2030-01-01T00:00:00Z",{{history}}}""");
        var labels = new Dictionary<string, string>
        {
            ["name"] = "Wait",
            ["status"] = "Running",
            ["created"] = "2030-01-01T00:00:00Z",
            ["updated"] = "2030-01-01T00:00:00Z",
            ["work"] = "1",
            ["commit"] = "c",
        };
        var etag = await world.Store.CreateAsync("instances/new", new DocumentContent(bytes, labels), default);
        var host = await world.StartHoldingAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("old"));
        await host.Client.RaiseEventAsync("new", "go", "kept");
        await host.Client.RaiseEventAsync("old", "go", "went");

        var end = await world.EndOfAsync(host, "old");
        await world.UntilAsync(() => world.Log.Count(2007) >= 2);
        var errors = new[]
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => host.Client.GetInstanceAsync("new")),
            await Assert.ThrowsAsync<InvalidDataException>(() => host.Client.PurgeInstanceAsync("new")),
            await Assert.ThrowsAsync<InvalidDataException>(
                () => host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("new"))),
        };

        Assert.Equal("went", end.ReadOutputAs<string>());
        Assert.All(errors, error => Assert.Equal(Refusal, error.Message));
        Assert.Contains(world.Log.Entries, entry => entry.Id == 2007 && entry.Text.Contains(Refusal, StringComparison.Ordinal));
        var left = await world.Store.ReadAsync("instances/new", default);
        Assert.Equal(etag, left!.ETag);
        Assert.Equal(bytes, left.Body.ToArray());
        Assert.Single((await world.Store.ListAsync("inbox/new/", null, 10, default)).Documents);
    }
}
