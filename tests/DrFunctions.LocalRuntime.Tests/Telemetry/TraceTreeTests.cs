using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Telemetry;

/// <summary>From a request to the host, through an orchestration, to the requests that its activities send.</summary>
public sealed class TraceTreeTests : IAsyncLifetime, IDisposable
{
    private readonly RecordedSpans _recorded = new();
    private readonly Calls _calls = new();
    private FunctionsTestHost _host = null!; // Set before each test.

    public async Task InitializeAsync()
    {
        _host = await Hosts.StartAsync<Functions>(services => services.AddSingleton(_calls));
        _calls.Address = _host.Address;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _recorded.Dispose();

    [Fact]
    public async Task HttpRequest_IsTheRootOfAllThatItCauses()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/start?code=secret");
        await SendAsync(request, _recorded.Header, "vendor=1");

        await HasEndedAsync();
        Assert.Equal(
            [
                "Server function Start",
                "  Producer create_orchestration:Calls",
                "    Server orchestration:Calls",
                "      Client activity:Call",
                "        Server activity:Call",
                "          Client System.Net.Http.HttpRequestOut",
                "            Server function Echo",
            ],
            _recorded.Tree());
        Assert.Equal(["vendor=1"], _calls.States);
        Assert.Equal([_recorded.Single("orchestration:Calls", ActivityKind.Server).SpanId.ToHexString()], _calls.Orchestrators.Distinct());
    }

    [Fact]
    public async Task Spans_DescribeTheirInvocationAndHoldNoSecret()
    {
        await SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/api/start?code={_host.FunctionKey}"), _recorded.Header, null);

        await HasEndedAsync();
        var start = _recorded.Single("function Start", ActivityKind.Server);
        Assert.Equal("Start", start.GetTagItem("faas.name"));
        Assert.Equal("http", start.GetTagItem("faas.trigger"));
        Assert.Equal("GET", start.GetTagItem("http.request.method"));
        Assert.Equal("/api/start", start.GetTagItem("http.route"));
        Assert.Equal(202, start.GetTagItem("http.response.status_code"));
        Assert.Equal("other", _recorded.Single("activity:Call", ActivityKind.Server).GetTagItem("faas.trigger"));
        var texts = _recorded.Spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName));
        Assert.DoesNotContain(texts, text => text.Contains(_host.FunctionKey, StringComparison.Ordinal) || text.Contains("?code", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FailedInvocation_IsMarkedByItsExceptionsTypeAlone()
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/broken"), _recorded.Header, null);

        var span = _recorded.Single("function Broken", ActivityKind.Server);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Null(span.StatusDescription);
        Assert.Equal(typeof(InvalidOperationException).FullName, span.GetTagItem("error.type"));
        Assert.Equal(500, span.GetTagItem("http.response.status_code"));
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("|hostile.1.")]
    [InlineData(null)]
    public async Task HttpRequest_WithoutAValidCause_BeginsANewTrace(string? header)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/echo"), header, header is null ? null : "a=1");

        Assert.True(answer.IsSuccessStatusCode);
        var seen = Assert.Single(_calls.Echoes).Split('-');
        Assert.Equal(4, seen.Length);
        Assert.NotEqual("0af7651916cd43dd8448eb211c80319c", seen[1]);
        Assert.Equal([""], _calls.States);
    }

    [Fact]
    public async Task EventGridDelivery_CausesTheRunOfEachOfItsEvents()
    {
        await DeliverAsync("""[{"id":"1"},{"id":"2"}]""", _recorded.Header);

        Assert.Equal(["Consumer function Alert", "Consumer function Alert"], _recorded.Tree());
        Assert.Equal("pubsub", _recorded.Spans[0].GetTagItem("faas.trigger"));
    }

    [Fact]
    public async Task CloudEvent_ThatTellsOfItsTrace_IsPartOfIt()
    {
        await DeliverAsync($$"""[{"specversion":"1.0","id":"1","traceparent":"{{_recorded.Header}}"},{"specversion":"1.0","id":"2","traceparent":7}]""", null);

        Assert.Equal(["Consumer function Alert"], _recorded.Tree());
    }

    [Fact]
    public async Task Timer_BeginsATraceOfItsOwn()
    {
        using var other = Spans.Unrecorded("test", _recorded.Cause);

        await _host.RunTimerAsync("Clock");

        Assert.NotEqual(_recorded.Trace.ToHexString(), Assert.Single(_calls.Echoes).Split('-')[1]);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? parent, string? state)
    {
        Activity.Current = null; // Or HttpClient would add a cause of its own.
        if (parent is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", parent);
        }

        if (state is not null)
        {
            request.Headers.TryAddWithoutValidation("tracestate", state);
        }

        return await _host.Client.SendAsync(request);
    }

    private async Task DeliverAsync(string body, string? parent)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/runtime/webhooks/EventGrid?functionName=Alert&code={_host.EventGridKey}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var answer = await SendAsync(request, parent, null);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private Task HasEndedAsync() =>
        Eventually.HoldsAsync(() => _recorded.Spans.Any(span => span.OperationName == "orchestration:Calls"), "the orchestration's span is reported");

    public sealed class Calls
    {
        public Uri? Address { get; set; }

        public ConcurrentQueue<string> Echoes { get; } = new();

        public ConcurrentQueue<string> States { get; } = new();

        public ConcurrentQueue<string?> Orchestrators { get; } = new();
    }

    public sealed class Functions(Calls calls)
    {
        [Function("Start")]
        public static async Task<IActionResult> StartAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "start")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
            new AcceptedResult((string?)null, await client.ScheduleNewOrchestrationInstanceAsync("Calls"));

        [Function("Calls")]
        public async Task CallsAsync([OrchestrationTrigger] TaskOrchestrationContext context, FunctionContext function)
        {
            calls.Orchestrators.Enqueue(Activity.Current?.SpanId.ToHexString());
            calls.Orchestrators.Enqueue(function.TraceContext.TraceParent.Split('-')[2]);
            await context.CallActivityAsync("Call");
        }

        [Function("Call")]
        public async Task CallAsync([ActivityTrigger] string? nothing)
        {
            using var client = new HttpClient { BaseAddress = calls.Address };
            await client.GetStringAsync("/api/echo");
        }

        [Function("Echo")]
        public IActionResult Echo([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
        {
            calls.Echoes.Enqueue(context.TraceContext.TraceParent);
            calls.States.Enqueue(context.TraceContext.TraceState);
            return new OkResult();
        }

        [Function("Broken")]
        public static IActionResult Broken([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
            throw new InvalidOperationException("AccountKey=secret");

        [Function("Alert")]
        public static void Alert([EventGridTrigger] string text) => Assert.NotEmpty(text);

        [Function("Clock")]
        public void Clock([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => calls.Echoes.Enqueue(Activity.Current?.Id ?? "");
    }
}
