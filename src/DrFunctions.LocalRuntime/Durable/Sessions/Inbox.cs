using System.Collections.Concurrent;
using System.Text.Json;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Instances;
using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.LocalRuntime.Durable.Sessions;

/// <summary>The messages of a hub while it is held: each is handed to its instance once, and deleted when it is taken up. Thread-safe.</summary>
internal sealed class Inbox(HubSession session)
{
    private static readonly TimeSpan LongestAwaitedStart = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, byte> _inHand = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _awaitedStarts = new(StringComparer.Ordinal);
    private readonly EngineParts _parts = session.Parts;

    /// <summary>How many messages are known and not yet deleted.</summary>
    public int Known => _inHand.Count + _awaitedStarts.Count;

    /// <summary>Hands over every message that has come since.</summary>
    public async Task ReadAsync()
    {
        string? continuation = null;
        do
        {
            var page = await _parts.Store.ListAsync(HubNames.Inbox, continuation, 1000, session.Ended);
            foreach (var listed in page.Documents.Where(listed => _inHand.TryAdd(listed.Name, 0)))
            {
                await ReadMessageAsync(listed.Name);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <summary>Writes a message, which may be there already, and hands it over.</summary>
    public async Task SendAsync(string document, InboxMessage message, StoreCall store, CancellationToken ct)
    {
        var isMine = _inHand.TryAdd(document, 0);
        try
        {
            if (await store.CreateAsync(document, new DocumentContent(message.ToBytes()), ct) is not null && isMine)
            {
                session.Post(message.InstanceId, new Message(document, message));
                return;
            }
        }
        catch
        {
            Release(document, isMine); // Whether it is there is not known: the next look into the inbox shows it.
            throw;
        }

        Release(document, isMine);
        session.LookIntoInbox();
    }

    /// <summary>Claims a message that the host before has taken up; false if it is being read here.</summary>
    public bool TryClaim(string document) => _inHand.TryAdd(document, 0);

    /// <summary>Deletes a message that is taken up or void; waits until the lease is trusted.</summary>
    public async Task DeleteAsync(string document)
    {
        await session.TrustedAsync();
        await _parts.Store.DeleteAsync(document, null, session.Ended);
        Forget(document);
    }

    /// <summary>Keeps the notice of a start whose instance is not there (yet), for a minute.</summary>
    public async Task AwaitStartAsync(string document)
    {
        var since = _awaitedStarts.GetOrAdd(document, _ => _parts.Time.GetTimestamp());
        if (_parts.Time.GetElapsedTime(since) < LongestAwaitedStart)
        {
            _inHand.TryRemove(document, out _);
        }
        else
        {
            await DeleteAsync(document);
        }
    }

    private async Task ReadMessageAsync(string document)
    {
        var found = await _parts.Store.ReadAsync(document, session.Ended);
        if (found is null)
        {
            Forget(document);
            return;
        }

        try
        {
            var message = InboxMessage.Parse(found.Body);
            session.Post(message.InstanceId, new Message(document, message));
        }
        catch (JsonException e)
        {
            EngineLog.Unreadable(_parts.Logger, document, e.Message); // It stays where it is, for whoever looks.
        }
    }

    private void Release(string document, bool isMine)
    {
        if (isMine)
        {
            _inHand.TryRemove(document, out _);
        }
    }

    private void Forget(string document)
    {
        _awaitedStarts.TryRemove(document, out _);
        _inHand.TryRemove(document, out _);
    }
}
