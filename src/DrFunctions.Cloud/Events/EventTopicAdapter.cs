using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Messaging;
using Azure.Messaging.EventGrid;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Events;

namespace DrFunctions.Cloud.Events;

/// <summary>Publishes to custom topics of Event Grid. Thread-safe; keeps one client a connection.</summary>
/// <param name="settings">Looks up an app setting; null when it is not set.</param>
/// <param name="credential">For topics without a key; default <see cref="DefaultAzureCredential"/>.</param>
public sealed class EventTopicAdapter(Func<string, string?> settings, TokenCredential? credential = null) : IEventTopic
{
    private readonly ConcurrentDictionary<string, EventGridPublisherClient> _clients = new(StringComparer.Ordinal);
    private readonly Lazy<TokenCredential> _identity = new(() => credential ?? new DefaultAzureCredential());

    /// <inheritdoc/>
    public async Task PublishAsync(string connection, Notice notice, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connection);
        ArgumentNullException.ThrowIfNull(notice);
        var facts = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(notice.Facts));
        var content = new CloudEvent(notice.Source, notice.Type, facts, "application/json", CloudEventDataFormat.Json)
        {
            Id = notice.Id,
            Subject = notice.Subject,
            Time = notice.At,
        };
        try
        {
            await _clients.GetOrAdd(connection, Create).SendEventAsync(content, cancellationToken);
        }
        catch (Exception error) when (error is RequestFailedException or AggregateException or IOException or AuthenticationFailedException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Failure(connection, error);
        }
    }

    private EventGridPublisherClient Create(string connection)
    {
        var (addressName, keyName) = (connection + "__topicEndpointUri", connection + "__topicKey");
        var address = Setting(addressName) ?? throw Unknown($"The app setting '{addressName}' is not set.", connection);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var topic) || topic.UserInfo.Length > 0 || topic.Query.Length > 0
            || !(topic.Scheme == Uri.UriSchemeHttps || (topic.Scheme == Uri.UriSchemeHttp && topic.IsLoopback)))
        {
            // It may hold a secret, so it is not shown.
            throw Unknown($"The app setting '{addressName}' is not an https URI without a query.", connection);
        }

        // Short: a notice must not hold up a failover.
        var options = new EventGridPublisherClientOptions
        {
            Retry = { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(500), MaxDelay = TimeSpan.FromSeconds(2), NetworkTimeout = TimeSpan.FromSeconds(10) },
        };
        return Setting(keyName) is { } key
            ? new EventGridPublisherClient(topic, new AzureKeyCredential(key), options)
            : new EventGridPublisherClient(topic, _identity.Value, options);
    }

    // Hosts that read the environment turn "__" into ":".
    private string? Setting(string name) =>
        (settings(name) ?? settings(name.Replace("__", ":", StringComparison.Ordinal))) is { Length: > 0 } value ? value : null;

    private static RecoveryException Failure(string connection, Exception error)
    {
        var status = (error as RequestFailedException)?.Status ?? 0;
        return status is 400 or 401 or 403 or 404 or 413
            ? new RecoveryException(
                "TopicRefused",
                FormattableString.Invariant($"The topic of '{connection}' refused an event: status {status}."),
                isTransient: false,
                "Check the topic's address, its input schema (CloudEvents 1.0) and the key or the role 'EventGrid Data Sender' of the app's identity.",
                error)
            : new RecoveryException(
                "TopicUnavailable",
                $"The topic of '{connection}' {(status == 0 ? "does not answer" : FormattableString.Invariant($"answers with status {status}"))}.",
                isTransient: true,
                "Check the topic and its network.",
                error);
    }

    private static RecoveryException Unknown(string message, string connection) => new(
        "TopicUnknown", message, isTransient: false, $"Set '{connection}__topicEndpointUri' to the topic's endpoint, and '{connection}__topicKey' unless the app's identity may send.");
}
