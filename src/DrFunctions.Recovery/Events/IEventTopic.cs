namespace DrFunctions.Recovery.Events;

/// <summary>Custom topics of Event Grid, by the name of the app setting that says how to reach them.</summary>
public interface IEventTopic
{
    /// <summary>
    /// Publishes an event in the CloudEvents 1.0 schema. Repeating it publishes it again under the same id, by which subscribers tell
    /// duplicates.
    /// </summary>
    /// <param name="connection">
    /// The prefix of the app settings <c>{connection}__topicEndpointUri</c> and, unless the app's identity is used, <c>{connection}__topicKey</c>.
    /// </param>
    /// <param name="notice">The event.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="RecoveryException">A setting is missing or broken (<c>TopicUnknown</c>), or the topic refused or did not answer.</exception>
    Task PublishAsync(string connection, Notice notice, CancellationToken cancellationToken);
}

/// <summary>An event to publish.</summary>
/// <param name="Id">The same for each repetition.</param>
/// <param name="Type">Such as <c>DrFunctions.Run.Completed</c>.</param>
/// <param name="Source">Who tells, such as <c>/drfunctions/shop</c>.</param>
/// <param name="Subject">What it is about, such as the run's id.</param>
/// <param name="At">When it happened.</param>
/// <param name="Facts">What happened, by name; never a secret.</param>
public sealed record Notice(
    string Id, string Type, string Source, string Subject, DateTimeOffset At, IReadOnlyDictionary<string, string> Facts);
