using System.Text.Json;
using DrFunctions.LocalRuntime.Storage;

namespace DrFunctions.LocalRuntime.Timers;

/// <summary>
/// The state of one schedule in storage. An occurrence is claimed by replacing the record at the version it was read at, before
/// it fires: of any number of hosts exactly one succeeds.
/// </summary>
internal sealed class TimerLedger(
    IRecordStore store, HostIdentity identity, string function, TimerSchedule schedule, TimeProvider time)
{
    public const string Container = "azure-webjobs-hosts";

    private readonly string _name = $"timers/{identity.HostId}/{function}/status";
    private bool _opened;
    private TimerRecord? _unanswered;

    /// <summary>The record and its version; the first host ever creates it.</summary>
    /// <exception cref="RecordStoreException">The storage does not answer.</exception>
    public async Task<(TimerRecord Record, string ETag)> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await store.ReadAsync(Container, _name, cancellationToken);
            if (stored is null)
            {
                await store.TryCreateAsync(Container, _name, Content(Record(last: null, time.GetUtcNow())), cancellationToken);
                continue;
            }

            var record = Parse(stored.Content);
            if (record is not null && (_opened || record.Schedule == schedule.Expression))
            {
                _opened = true;
                return (record, stored.ETag);
            }

            // A deployment changed the schedule, or the record is damaged. Only a host that starts repairs it, so that an old
            // and a new one do not rewrite each other's.
            var since = record is null ? time.GetUtcNow() : record.Last ?? record.LastUpdated;
            await store.TryReplaceAsync(Container, _name, Content(Record(record?.Last, since)), stored.ETag, cancellationToken);
        }
    }

    /// <summary>Claims the record's next occurrence; null where another host has, or where only the next read will tell.</summary>
    /// <exception cref="RecordStoreException">The storage does not answer; the next read tells whether the claim succeeded.</exception>
    public async Task<TimerRecord?> TryClaimAsync(TimerRecord record, string etag, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var claim = Record(record.Next, record.Next > now ? record.Next.Value : now) with { Owner = identity.InstanceId };
        _unanswered = claim;
        if (!await store.TryReplaceAsync(Container, _name, Content(claim), etag, cancellationToken))
        {
            return null;
        }

        _unanswered = null;
        return claim;
    }

    /// <summary>Whether a record that was read is the claim of this host whose answer was lost; true once only.</summary>
    public bool TakesUnanswered(TimerRecord record)
    {
        var claim = _unanswered;
        _unanswered = null;
        return claim is not null && claim.Owner == record.Owner && claim.Last == record.Last;
    }

    private TimerRecord Record(DateTimeOffset? last, DateTimeOffset after) =>
        new() { Schedule = schedule.Expression, Last = last, Next = schedule.Next(after), LastUpdated = time.GetUtcNow() };

    private static BinaryData Content(TimerRecord record) => BinaryData.FromObjectAsJson(record);

    private static TimerRecord? Parse(BinaryData content)
    {
        try
        {
            return JsonSerializer.Deserialize<TimerRecord>(content);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
