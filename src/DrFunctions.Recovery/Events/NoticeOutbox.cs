using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Events;

/// <summary>
/// Events that wait to be published: whoever raises one writes a document and goes on, and a timer publishes it, however long that takes.
/// An event has one id, by which it is raised once and told once; when a process dies between telling and noting it, it is told
/// again under the same id, by which subscribers tell duplicates.
/// </summary>
public sealed class NoticeOutbox(IDocumentStore documents, IEventTopic topic)
{
    private const string Waiting = "outbox/";

    /// <summary>Raises an event, unless one of that id was raised before. Idempotent.</summary>
    /// <param name="workload">Whose event it is.</param>
    /// <param name="connection">The topic; see <see cref="IEventTopic.PublishAsync"/>. Null: nothing happens.</param>
    /// <param name="notice">The event. Its id is part of a document's key.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task RaiseAsync(string workload, string? connection, Notice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        if (connection is not null && await documents.ReadAsync(ToldKey(workload, notice.Id), cancellationToken) is null)
        {
            await documents.TryCreateAsync($"{Waiting}{workload}/{notice.Id}", new WaitingNotice(1, workload, connection, notice), cancellationToken);
        }
    }

    /// <summary>Publishes what waits, in the order of the keys. A topic that failed is not asked again in this call.</summary>
    /// <returns>What failed, one for each topic.</returns>
    public async Task<IReadOnlyList<RecoveryException>> PublishAsync(CancellationToken cancellationToken)
    {
        var failed = new Dictionary<string, RecoveryException>(StringComparer.Ordinal);
        await foreach (var key in documents.ListAsync(Waiting, cancellationToken))
        {
            if (await documents.ReadAsync<WaitingNotice>(key, cancellationToken) is not { Value: var waiting } || failed.ContainsKey(waiting.Connection))
            {
                continue;
            }

            try
            {
                await topic.PublishAsync(waiting.Connection, waiting.Notice, cancellationToken);
            }
            catch (RecoveryException exception)
            {
                failed[waiting.Connection] = exception;
                continue;
            }

            await documents.TryCreateAsync(ToldKey(waiting.Workload, waiting.Notice.Id), waiting, cancellationToken);
            await documents.TryDeleteAsync(key, null, cancellationToken);
        }

        return [.. failed.Values];
    }

    private static string ToldKey(string workload, string id) => $"notices/{workload}/{id}";

    private sealed record WaitingNotice(int Schema, string Workload, string Connection, Notice Notice);
}
