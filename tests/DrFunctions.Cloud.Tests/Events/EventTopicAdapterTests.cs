using System.Net;
using System.Text.Json;
using DrFunctions.Cloud.Events;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Cloud.Tests.Events;

/// <summary>Against a topic of our own on loopback: it takes what Event Grid takes.</summary>
public sealed class EventTopicAdapterTests : IAsyncLifetime
{
    private const string Key = "c2VjcmV0";
    private static readonly DateTimeOffset s_at = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Notice s_notice = new(
        "run-1/3", "DrFunctions.Run.Completed", "/drfunctions/shop", "run-1", s_at, new Dictionary<string, string> { ["rto"] = "62" });

    private readonly List<(string Path, string? Type, string? Key, string Body)> _received = [];
    private WebApplication _topic = null!; // set by InitializeAsync
    private int _status = 200;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _topic = builder.Build();
        _topic.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            lock (_received)
            {
                _received.Add((context.Request.Path, context.Request.ContentType, context.Request.Headers["aeg-sas-key"], body));
            }

            context.Response.StatusCode = _status;
        });
        await _topic.StartAsync();
    }

    public async Task DisposeAsync() => await _topic.DisposeAsync();

    [Fact]
    public async Task Publish_Notice_IsACloudEvent()
    {
        await Adapter().PublishAsync("OPS_TOPIC", s_notice, default);

        var (path, type, key, body) = Assert.Single(_received);
        Assert.Equal(("/api/events", Key), (path, key));
        Assert.StartsWith("application/cloudevents-batch+json", type, StringComparison.Ordinal);
        var sent = JsonDocument.Parse(body).RootElement[0];
        Assert.Equal(
            ("1.0", "run-1/3", "DrFunctions.Run.Completed", "/drfunctions/shop", "run-1", s_at, "62"),
            (Text("specversion"), Text("id"), Text("type"), Text("source"), Text("subject"), sent.GetProperty("time").GetDateTimeOffset(), sent.GetProperty("data").GetProperty("rto").GetString()));

        string? Text(string name) => sent.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData(401, "TopicRefused", false, 1)]
    [InlineData(404, "TopicRefused", false, 1)]
    [InlineData(503, "TopicUnavailable", true, 3)]
    public async Task Publish_Refused_IsClassified(int status, string code, bool transient, int requests)
    {
        _status = status;

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Adapter().PublishAsync("OPS_TOPIC", s_notice, default));

        Assert.Equal((code, transient), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain(Key, failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(requests, _received.Count);
    }

    [Theory]
    [InlineData(null, "'OPS_TOPIC__topicEndpointUri' is not set")]
    [InlineData("http://topic.example/api/events", "'OPS_TOPIC__topicEndpointUri' is not an https URI without a query")]
    [InlineData("https://topic.example/api/events?key=secret", "'OPS_TOPIC__topicEndpointUri' is not an https URI without a query")]
    [InlineData("topic", "'OPS_TOPIC__topicEndpointUri' is not an https URI without a query")]
    public async Task Setting_Mistake_IsNamedWithoutItsValue(string? value, string expected)
    {
        var adapter = new EventTopicAdapter(name => name == "OPS_TOPIC__topicEndpointUri" ? value : null);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => adapter.PublishAsync("OPS_TOPIC", s_notice, default));

        Assert.Equal(("TopicUnknown", false), (failure.Code, failure.IsTransient));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    private EventTopicAdapter Adapter() => new(name => name switch
    {
        "OPS_TOPIC__topicEndpointUri" => _topic.Urls.First() + "/api/events",
        "OPS_TOPIC__topicKey" => Key,
        _ => null,
    });
}
