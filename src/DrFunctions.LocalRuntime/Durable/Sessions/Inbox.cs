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
    private readonly Lock _gate = new();
    private List<Message>? _afterFirstLook = [];

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
        HandOverWhatWaited();
    }

    /// <summary>
    /// Writes a message, which may be there already, and hands it over: after all that its sender has sent before, also to the host
    /// before. If it is being read here as well it comes twice: a repetition is known by its sender and number.
    /// </summary>
    public async Task SendAsync(string document, InboxMessage message, StoreCall store, CancellationToken ct)
    {
        var isMine = _inHand.TryAdd(document, 0);
        try
        {
            await store.CreateAsync(document, new DocumentContent(message.ToBytes()), ct);
        }
        catch when (isMine)
        {
            _inHand.TryRemove(document, out _); // Whether it is there is not known: the next look into the inbox shows it.
            throw;
        }

        HandOver(new Message(document, message));
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

    /// <summary>Until the first look is over, something older may lie in the inbox.</summary>
    private void HandOver(Message message)
    {
        lock (_gate)
        {
            if (_afterFirstLook is { } waiting)
            {
                waiting.Add(message);
                return;
            }
        }

        session.Post(message.Content.InstanceId, message);
    }

    private void HandOverWhatWaited()
    {
        lock (_gate)
        {
            _afterFirstLook?.ForEach(message => session.Post(message.Content.InstanceId, message));
            _afterFirstLook = null;
        }
    }

    private void Forget(string document)
    {
        _awaitedStarts.TryRemove(document, out _);
        _inHand.TryRemove(document, out _);
    }
}
