using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Messaging;
using Azure.Messaging.EventGrid;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.EventGrid;

public sealed class EventGridWebhookTests : IAsyncLifetime
{
    private const string Schema = """{"id":"1","topic":"/t","subject":"/s","eventType":"Up","eventTime":"2026-01-01T00:00:00Z","data":{"a":1},"dataVersion":"1"}""";
    private const string Cloud = """{"id":"1","source":"/t","specversion":"1.0","type":"Up","subject":"/s","time":"2026-01-01T00:00:00Z","data":{"a":1}}""";

    private readonly Inbox _inbox = new();
    private FunctionsTestHost _host = null!; // Set before each test.

    public async Task InitializeAsync() => _host = await Hosts.StartAsync<Functions>(services => services.AddSingleton(_inbox));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData($"[{Schema}]", 1)]
    [InlineData($"[{Schema},{Schema}]", 2)]
    [InlineData(Cloud, 1)]
    [InlineData($"[{Cloud},{Cloud},{Cloud}]", 3)]
    [InlineData("[]", 0)]
    [InlineData("42", 1)]
    public async Task Delivery_IsAnswered202AfterTheFunctionHasEveryEvent(string body, int events)
    {
        using var answer = await DeliverAsync("Text", body);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(events, _inbox.Seen.Count);
        Assert.All(_inbox.Seen, text => Assert.Equal(body.Contains(Schema, StringComparison.Ordinal) ? Schema : body == "42" ? "42" : Cloud, text));
    }

    [Theory]
    [InlineData("Data", Schema)]
    [InlineData("Element", Schema)]
    [InlineData("Poco", Schema)]
    [InlineData("SchemaEvent", Schema)]
    [InlineData("CloudEvent", Cloud)]
    public async Task Event_IsGivenAsWhatTheFunctionAsksFor(string function, string body)
    {
        using var answer = await DeliverAsync(function, $"[{body}]");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(["Up 1"], _inbox.Seen);
    }

    [Fact]
    public async Task Batch_IsGivenWholeToABatchedFunction()
    {
        using var many = await DeliverAsync("Batch", $"[{Cloud},{Cloud}]");
        using var one = await DeliverAsync("Batch", Cloud);

        Assert.Equal(["2", "1"], _inbox.Seen);
    }

    [Fact]
    public async Task FailedEvent_FailsTheDeliveryAfterTheOthersWereHandled()
    {
        using var answer = await DeliverAsync("Text", $$"""[{"fail":true},{{Schema}}]""");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal([Schema], _inbox.Seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("up")]
    public async Task NotJson_Is400(string body)
    {
        using var answer = await DeliverAsync("Text", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("The delivery is not JSON: ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(_inbox.Seen);
    }

    [Fact]
    public async Task UnknownFunction_Is404WithItsName()
    {
        using var answer = await DeliverAsync("Nobody", $"[{Schema}]");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("There is no Event Grid function 'Nobody'.", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task WrongKey_IsABare401()
    {
        using var answer = await _host.Client.PostAsync(
            $"/runtime/webhooks/EventGrid?functionName=Text&code={_host.FunctionKey}", new StringContent($"[{Schema}]"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
        Assert.Empty(_inbox.Seen);
    }

    [Fact]
    public async Task Path_IgnoresCase()
    {
        using var answer = await _host.Client.PostAsync(
            $"/runtime/webhooks/eventgrid?functionname=text&code={_host.EventGridKey}", new StringContent($"[{Schema}]"));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task SubscriptionValidation_IsAnsweredWithItsCode()
    {
        using var answer = await DeliverAsync(
            "Text", """[{"id":"1","eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"abc"}}]""", "SubscriptionValidation");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"validationResponse":"abc"}""", await answer.Content.ReadAsStringAsync());
        Assert.Empty(_inbox.Seen);
    }

    [Fact]
    public async Task SubscriptionValidation_WithoutCode_Is400()
    {
        using var answer = await DeliverAsync("Text", "[]", "SubscriptionValidation");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task CloudEventsHandshake_AllowsTheOrigin()
    {
        var request = new HttpRequestMessage(HttpMethod.Options, $"/runtime/webhooks/EventGrid?functionName=Text&code={_host.EventGridKey}");
        request.Headers.Add("WebHook-Request-Origin", "eventgrid.azure.net");

        using var answer = await _host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["eventgrid.azure.net"], answer.Headers.GetValues("WebHook-Allowed-Origin"));
        Assert.Equal(["*"], answer.Headers.GetValues("WebHook-Allowed-Rate"));
    }

    private Task<HttpResponseMessage> DeliverAsync(string function, string body, string kind = "Notification")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/runtime/webhooks/EventGrid?functionName={function}&code={_host.EventGridKey}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("aeg-event-type", kind);
        return _host.Client.SendAsync(request);
    }

    public sealed class Inbox
    {
        public ConcurrentQueue<string> Seen { get; } = new();
    }

    public sealed record Sent(string EventType, SentData Data);

    public sealed record SentData(int A);

    public sealed class Functions(Inbox inbox)
    {
        [Function("Text")]
        public void Text([EventGridTrigger] string text)
        {
            if (text.Contains("fail", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("as asked");
            }

            inbox.Seen.Enqueue(text);
        }

        [Function("Data")]
        public void Data([EventGridTrigger] BinaryData data) => Element(JsonSerializer.Deserialize<JsonElement>(data));

        [Function("Element")]
        public void Element([EventGridTrigger] JsonElement element) =>
            inbox.Seen.Enqueue($"{element.GetProperty("eventType").GetString()} {element.GetProperty("data").GetProperty("a").GetInt32()}");

        [Function("Poco")]
        public void Poco([EventGridTrigger] Sent sent) => inbox.Seen.Enqueue($"{sent.EventType} {sent.Data.A}");

        [Function("SchemaEvent")]
        public void SchemaEvent([EventGridTrigger] EventGridEvent received) =>
            inbox.Seen.Enqueue($"{received.EventType} {JsonSerializer.Deserialize<JsonElement>(received.Data).GetProperty("a")}");

        [Function("CloudEvent")]
        public void CloudEvent([EventGridTrigger] CloudEvent received) =>
            inbox.Seen.Enqueue($"{received.Type} {JsonSerializer.Deserialize<JsonElement>(received.Data!).GetProperty("a")}"); // The event has data.

        [Function("Batch")]
        public void Batch([EventGridTrigger(IsBatched = true)] CloudEvent[] received) => inbox.Seen.Enqueue($"{received.Length}");
    }
}
