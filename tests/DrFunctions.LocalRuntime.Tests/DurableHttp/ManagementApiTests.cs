using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DrFunctions.LocalRuntime.Telemetry;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>The management API as its official documentation has it.</summary>
public sealed class ManagementApiTests : IAsyncLifetime
{
    private const string Base = "/runtime/webhooks/durabletask";
    private FunctionsTestHost _host = null!; // Set before each test.

    public async Task InitializeAsync() => _host = await Hosts.StartAsync<Functions>(
        null, ("AzureFunctionsJobHost__extensions__durableTask__hubName", "ManagedHub"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Start_AnswersWithAddressesThatWork()
    {
        using var started = await PostAsync("/orchestrators/Waits/mine", "\"you\"");
        var links = await JsonAsync(started);

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal("mine", Text(links, "id"));
        Assert.Equal(Text(links, "statusQueryGetUri"), started.Headers.Location?.OriginalString);
        Assert.Equal(TimeSpan.FromSeconds(10), started.Headers.RetryAfter?.Delta);
        Assert.StartsWith($"{_host.Address}runtime/webhooks/durabletask/instances/mine?taskHub=ManagedHub&connection=AzureWebJobsStorage&code=", Text(links, "statusQueryGetUri"), StringComparison.Ordinal);
        using var raised = await _host.Client.PostAsync(Text(links, "sendEventPostUri").Replace("{eventName}", "go", StringComparison.Ordinal), Json("5"));
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        await _host.DurableClient.WaitForInstanceCompletionAsync("mine").WaitAsync(Hosts.Patience);
        using var ended = await _host.Client.GetAsync(Text(links, "statusQueryGetUri"));
        Assert.Equal("you 5", Text(await JsonAsync(ended), "output"));
        using var late = await _host.Client.PostAsync(Text(links, "terminatePostUri"), null);
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);
        Assert.Equal("Instance 'mine' has ended: it is Completed.", await late.Content.ReadAsStringAsync());
        using var purged = await _host.Client.DeleteAsync(Text(links, "purgeHistoryDeleteUri"));
        Assert.Equal("""{"instancesDeleted":1}""", await purged.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Start_WithTimeout_AnswersWithTheOutputOfWhatHasEndedByThen()
    {
        using var ended = await PostAsync("/orchestrators/Echoes", """{"a":1}""", "&timeout=20&pollingInterval=1");
        using var waiting = await PostAsync("/orchestrators/Waits", "1", "&timeout=0.01&pollingInterval=0.01");

        Assert.Equal((HttpStatusCode.OK, """{"a":1}"""), (ended.StatusCode, await ended.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.Accepted, waiting.StatusCode);
    }

    [Fact]
    public async Task Status_ShowsWhatIsAskedFor()
    {
        await EndAsync("Calls", "one", "\"in\"");

        var bare = await GetAsync("/instances/one", "&showInput=false");
        var full = await GetAsync("/instances/one", "&showHistory=true&showHistoryOutput=true");
        var withoutOutput = await GetAsync("/instances/one", "&showHistory=true");

        Assert.Equal(JsonValueKind.Null, bare.GetProperty("input").ValueKind);
        Assert.False(bare.TryGetProperty("historyEvents", out _));
        Assert.Equal("in", Text(full, "input"));
        Assert.Equal(
            [
                "ExecutionStarted Calls", "TaskCompleted Work", "TaskFailed Fail", "SubOrchestrationInstanceCompleted Echoes",
                "TimerFired ", "ExecutionCompleted ",
            ],
            full.GetProperty("historyEvents").EnumerateArray().Select(each => $"{Text(each, "EventType")} {Text(each, "FunctionName")}"));
        var work = full.GetProperty("historyEvents")[1];
        Assert.Equal("in!", Text(work, "Result"));
        Assert.True(work.GetProperty("ScheduledTime").GetDateTime() <= work.GetProperty("Timestamp").GetDateTime());
        Assert.Contains("InvalidOperationException: no", Text(full.GetProperty("historyEvents")[2], "Reason"), StringComparison.Ordinal);
        Assert.DoesNotContain(withoutOutput.GetProperty("historyEvents").EnumerateArray(), each => each.TryGetProperty("Result", out _) || each.TryGetProperty("Input", out _));
    }

    [Fact]
    public async Task Status_OfARunningInstance_ShowsWhatItWaitsFor()
    {
        using var started = await PostAsync("/orchestrators/Sleeps/asleep", null);
        await _host.DurableClient.WaitForInstanceStartAsync("asleep").WaitAsync(Hosts.Patience);

        using var answer = await _host.Client.GetAsync(Url("/instances/asleep", "&showHistory=true"));
        var history = (await JsonAsync(answer)).GetProperty("historyEvents");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(new Uri(_host.Address, Url("/instances/asleep", "&showHistory=true")), answer.Headers.Location);
        Assert.Equal(["ExecutionStarted", "TimerCreated"], history.EnumerateArray().Select(each => Text(each, "EventType")));
    }

    [Fact]
    public async Task Status_OfAFailedInstance_Is500OnlyIfAskedFor()
    {
        await EndAsync("Fails", "bad", null);

        using var fine = await _host.Client.GetAsync(Url("/instances/bad"));
        using var failing = await _host.Client.GetAsync(Url("/instances/bad", "&returnInternalServerErrorOnFailure=true"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.InternalServerError), (fine.StatusCode, failing.StatusCode));
        Assert.Equal("System.InvalidOperationException: as asked", Text(await JsonAsync(fine), "output"));
        Assert.Equal("Failed", Text(await JsonAsync(failing), "runtimeStatus"));
    }

    [Fact]
    public async Task List_FiltersAndPages()
    {
        foreach (var id in new[] { "a1", "a2", "a3", "b1" })
        {
            await EndAsync("Echoes", id, "7");
        }

        await EndAsync("Fails", "a4", null);
        var pages = new List<string>();
        string? token = null;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Url("/instances", "&instanceIdPrefix=a&top=2&runtimeStatus=Completed,Running&showInput=false"));
            if (token is not null)
            {
                request.Headers.Add("x-ms-continuation-token", token);
            }

            using var answer = await _host.Client.SendAsync(request);
            var page = await JsonAsync(answer);
            Assert.All(page.EnumerateArray(), each => Assert.Equal(JsonValueKind.Null, each.GetProperty("input").ValueKind));
            pages.Add(string.Join(' ', page.EnumerateArray().Select(each => Text(each, "instanceId"))));
            token = answer.Headers.TryGetValues("x-ms-continuation-token", out var values) ? values.Single() : null;
        }
        while (token is not null);

        Assert.Equal("a1 a2|a3", string.Join('|', pages));
        var future = await GetAsync("/instances", "&createdTimeFrom=2999-01-01T00:00:00Z");
        Assert.Equal(0, future.GetArrayLength());
        var past = await GetAsync("/instances", "&createdTimeTo=2999-01-01T00:00:00Z&runtimeStatus=failed");
        Assert.Equal(["a4"], past.EnumerateArray().Select(each => Text(each, "instanceId")));
    }

    [Fact]
    public async Task Purge_OfAllThatMatch_NeedsABeginning()
    {
        await EndAsync("Echoes", "done", null);
        await EndAsync("Fails", "failed", null);

        using var unbounded = await _host.Client.DeleteAsync(Url("/instances"));
        using var none = await _host.Client.DeleteAsync(Url("/instances", "&createdTimeFrom=2999-01-01"));
        using var failed = await _host.Client.DeleteAsync(Url("/instances", "&createdTimeFrom=2000-01-01&runtimeStatus=Failed"));

        Assert.Equal(HttpStatusCode.BadRequest, unbounded.StatusCode);
        Assert.StartsWith("The query has no createdTimeFrom", await unbounded.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Equal("""{"instancesDeleted":1}""", await failed.Content.ReadAsStringAsync());
        Assert.NotNull(await _host.DurableClient.GetInstanceAsync("done"));
        Assert.Null(await _host.DurableClient.GetInstanceAsync("failed"));
    }

    [Theory]
    [InlineData("GET", "/instances/none", "", 404, "There is no instance 'none'.")]
    [InlineData("GET", "/instances/@entity", "", 400, "Instance id '@entity': expected 1 to 100 characters")]
    [InlineData("GET", "/instances/x", "&showInput=perhaps", 400, "The query's showInput is 'perhaps', expected true or false.")]
    [InlineData("GET", "/instances/x", "&taskHub=other", 400, "The query's taskHub is 'other', expected this host's, 'ManagedHub'.")]
    [InlineData("GET", "/instances/x", "&connection=Other", 400, "The query's connection is 'Other', expected 'AzureWebJobsStorage'.")]
    [InlineData("GET", "/instances", "&top=0", 400, "The query's top is '0', expected a whole number from 1 to 1000.")]
    [InlineData("GET", "/instances", "&top=many", 400, "The query's top is 'many'")]
    [InlineData("GET", "/instances", "&createdTimeFrom=yesterday", 400, "The query's createdTimeFrom is 'yesterday', expected a time such as")]
    [InlineData("GET", "/instances", "&runtimeStatus=Done", 400, "The query's runtimeStatus is 'Done', expected Running, Completed,")]
    [InlineData("GET", "/instances", "&runtimeStatus=3", 400, "The query's runtimeStatus is '3'")]
    [InlineData("POST", "/orchestrators/Nobody", "", 400, "The app has no orchestrator named 'Nobody'.")]
    [InlineData("POST", "/orchestrators/Work", "", 400, "The app has no orchestrator named 'Work'.")]
    [InlineData("POST", "/orchestrators/Echoes/@id", "", 400, "Instance id '@id'")]
    [InlineData("POST", "/orchestrators/Echoes", "&timeout=-Infinity", 400, "The query's timeout is '-Infinity', expected seconds from 0 to 3600.")]
    [InlineData("POST", "/orchestrators/Echoes", "&timeout=1&pollingInterval=2", 400, "The query's pollingInterval is 2 s, expected no more than the timeout, 1 s.")]
    [InlineData("POST", "/orchestrators/Echoes", "&timeout=-1", 400, "The query's timeout is '-1', expected seconds from 0 to 3600.")]
    [InlineData("POST", "/instances/none/terminate", "", 404, "There is no instance 'none'.")]
    [InlineData("POST", "/instances/none/raiseEvent/go", "", 404, "There is no instance 'none'.")]
    [InlineData("POST", "/instances/none/rewind", "", 501, "The local runtime has no rewind.")]
    [InlineData("POST", "/instances/none/restart", "", 501, "The local runtime has no restart.")]
    [InlineData("DELETE", "/instances/none", "", 404, "There is no instance 'none'.")]
    public async Task Request_ThatCannotBe_SaysWhy(string method, string path, string query, int status, string message)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Url(path, query));

        using var answer = await _host.Client.SendAsync(request);

        Assert.StartsWith(message, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Continuation_ThatNoAnswerCarried_Is400()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url("/instances"));
        request.Headers.Add("x-ms-continuation-token", "not base64!");

        using var answer = await _host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Start_WithABodyThatIsNotJson_StartsNothing()
    {
        using var answer = await PostAsync("/orchestrators/Echoes/never", "{");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("The body is not JSON: ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(await _host.DurableClient.GetInstanceAsync("never"));
    }

    [Fact]
    public async Task Start_OfAnIdInUse_Is409()
    {
        using var first = await PostAsync("/orchestrators/Waits/taken", "1");
        using var second = await PostAsync("/orchestrators/Waits/taken", "2");

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains("'taken' already exists", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_ThatIsNotJson_Is400()
    {
        using var started = await PostAsync("/orchestrators/Waits/listener", "1");

        using var answer = await _host.Client.PostAsync(Url("/instances/listener/raiseEvent/go"), new StringContent("1"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("The body's content type is 'text/plain", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_ThatStartOrChange_ArePartOfTheirCallersTrace()
    {
        using var recorded = new RecordedSpans();
        Activity.Current = null;
        _host.Client.DefaultRequestHeaders.Add("traceparent", recorded.Header);

        using var started = await PostAsync("/orchestrators/Waits/traced", "1");
        using var raised = await PostAsync("/instances/traced/raiseEvent/go", "2");
        await Eventually.HoldsAsync(() => recorded.Spans.Any(span => span.OperationName == "orchestration:Waits"), "the orchestration's span is reported");

        Assert.Equal(
            [
                "Server POST /runtime/webhooks/durabletask/instances/{id}/raiseEvent/{name}",
                "  Producer orchestration_event:go",
                "Server POST /runtime/webhooks/durabletask/orchestrators/{name}/{id}",
                "  Producer create_orchestration:Waits",
                "    Server orchestration:Waits",
            ],
            recorded.Tree());
        Assert.Equal(202, recorded.Spans.First(span => span.OperationName.StartsWith("POST", StringComparison.Ordinal)).GetTagItem("http.response.status_code"));
    }

    private async Task EndAsync(string name, string id, string? input)
    {
        using var started = await PostAsync($"/orchestrators/{name}/{id}", input);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await _host.DurableClient.WaitForInstanceCompletionAsync(id).WaitAsync(Hosts.Patience);
    }

    private async Task<JsonElement> GetAsync(string path, string query = "")
    {
        using var answer = await _host.Client.GetAsync(Url(path, query));
        return await JsonAsync(answer);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string? body, string query = "") =>
        _host.Client.PostAsync(Url(path, query), body is null ? null : Json(body));

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static Task<JsonElement> JsonAsync(HttpResponseMessage answer) => answer.Content.ReadFromJsonAsync<JsonElement>();

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private string Url(string path, string query = "") => $"{Base}{path}?code={_host.DurableTaskKey}{query}";

    public sealed class Functions
    {
        [Function("Waits")]
        public static async Task<string> WaitsAsync([OrchestrationTrigger] TaskOrchestrationContext context, JsonElement input) =>
            $"{input} {await context.WaitForExternalEvent<int>("go")}";

        [Function("Echoes")]
        public static Task<JsonElement?> EchoesAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
            Task.FromResult(context.GetInput<JsonElement?>());

        [Function("Fails")]
        public static Task FailsAsync([OrchestrationTrigger] TaskOrchestrationContext context) => throw new InvalidOperationException("as asked");

        [Function("Sleeps")]
        public static Task SleepsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);

        [Function("Calls")]
        public static async Task CallsAsync([OrchestrationTrigger] TaskOrchestrationContext context, string input)
        {
            await context.CallActivityAsync<string>("Work", input);
            await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("Fail"));
            await context.CallSubOrchestratorAsync<JsonElement>("Echoes", 1);
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }

        [Function("Work")]
        public static string Work([ActivityTrigger] string input) => input + "!";

        [Function("Fail")]
        public static string Fail([ActivityTrigger] string? input) => throw new InvalidOperationException("no");
    }
}
