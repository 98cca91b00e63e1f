using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.DurableHttp;

public sealed class DurableHttpEndpointsTests : IAsyncLifetime
{
    private FunctionsTestHost _host = null!; // Set before each test.

    public async Task InitializeAsync() => _host = await Hosts.StartAsync<Functions>(services => services.AddSingleton(new Prefix("hello ")));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Orchestration_StartedOverHttp_RunsItsActivityAndEndsAtItsEvent()
    {
        var id = await _host.Client.GetStringAsync("/api/start");

        using var running = await _host.Client.GetAsync(Url(id));
        Assert.Equal(HttpStatusCode.Accepted, running.StatusCode);

        using var raised = await _host.Client.PostAsJsonAsync(Url(id, "/raiseEvent/Go"), new Go("now"));
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        await _host.DurableClient.WaitForInstanceCompletionAsync(id).WaitAsync(Hosts.Patience);

        using var ended = await _host.Client.GetAsync(Url(id));
        var status = await ended.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal("Completed", status.GetProperty("runtimeStatus").GetString());
        Assert.Equal("Waits", status.GetProperty("name").GetString());
        Assert.Equal("you", status.GetProperty("input").GetString());
        Assert.Equal($"hello you from {id} now", status.GetProperty("output").GetString());

        using var late = await _host.Client.PostAsJsonAsync(Url(id, "/raiseEvent/Go"), new Go("late"));
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);

        using var purged = await _host.Client.DeleteAsync(Url(id));
        Assert.Equal("""{"instancesDeleted":1}""", await purged.Content.ReadAsStringAsync());
        using var gone = await _host.Client.GetAsync(Url(id));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Terminate_EndsTheInstance()
    {
        var id = await _host.Client.GetStringAsync("/api/start");

        using var early = await _host.Client.DeleteAsync(Url(id));
        using var terminated = await _host.Client.PostAsync(Url(id, "/terminate", "&reason=enough"), null);
        var metadata = await _host.DurableClient.WaitForInstanceCompletionAsync(id).WaitAsync(Hosts.Patience);

        Assert.Equal(HttpStatusCode.PreconditionFailed, early.StatusCode);
        Assert.Contains("only one that has ended can be purged", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, terminated.StatusCode);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, metadata.RuntimeStatus);
    }

    [Fact]
    public async Task Suspend_IsShownUntilResumed()
    {
        var id = await _host.Client.GetStringAsync("/api/start");
        await _host.DurableClient.WaitForInstanceStartAsync(id).WaitAsync(Hosts.Patience);

        using var suspended = await _host.Client.PostAsync(Url(id, "/suspend"), null);
        await HasStatusAsync(id, OrchestrationRuntimeStatus.Suspended);
        using var resumed = await _host.Client.PostAsync(Url(id, "/resume"), null);
        await HasStatusAsync(id, OrchestrationRuntimeStatus.Running);

        Assert.Equal(HttpStatusCode.Accepted, suspended.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, resumed.StatusCode);
    }

    [Fact]
    public async Task Event_ThatIsNotJson_Is400()
    {
        var id = await _host.Client.GetStringAsync("/api/start");

        using var answer = await _host.Client.PostAsync(Url(id, "/raiseEvent/Go"), new StringContent("{"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task WrongKey_IsABare401()
    {
        using var answer = await _host.Client.GetAsync($"/runtime/webhooks/durabletask/instances/any?code={_host.EventGridKey}");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private async Task HasStatusAsync(string id, OrchestrationRuntimeStatus status)
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        while ((await _host.DurableClient.GetInstanceAsync(id, patience.Token))?.RuntimeStatus != status)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
        }
    }

    private string Url(string id, string action = "", string query = "") =>
        $"/runtime/webhooks/durabletask/instances/{id}{action}?code={_host.DurableTaskKey}{query}";

    public sealed record Prefix(string Text);

    public sealed record Go(string Word);

    public sealed class Functions(Prefix prefix)
    {
        [Function("Start")]
        public static async Task<IActionResult> StartAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "start")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
            new ContentResult { Content = await client.ScheduleNewOrchestrationInstanceAsync("Waits", "you") };

        [Function("Waits")]
        public static async Task<string> WaitsAsync([OrchestrationTrigger] TaskOrchestrationContext context, string who)
        {
            var greeting = await context.CallActivityAsync<string>("Greet", who);
            var go = await context.WaitForExternalEvent<Go>("Go");
            return $"{greeting} {go.Word}";
        }

        [Function("Greet")]
        public string Greet([ActivityTrigger] string who, string instanceId) => $"{prefix.Text}{who} from {instanceId}";
    }
}
