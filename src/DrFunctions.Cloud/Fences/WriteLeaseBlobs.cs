using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using DrFunctions.Backup;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Fences;

/// <summary>Write leases in blobs. Thread-safe.</summary>
/// <param name="connections">The accounts.</param>
public sealed class WriteLeaseBlobs(BlobConnections connections) : IWriteLeases
{
    private const int Largest = 64 * 1024;

    /// <inheritdoc/>
    public Task<Stored<WriteLeaseRecord>?> ReadAsync(BlobContainer place, string blob, CancellationToken cancellationToken) =>
        GuardAsync<Stored<WriteLeaseRecord>?>("read", place, blob, async () =>
        {
            var client = connections.Container(place).GetBlobClient(blob);
            try
            {
                BlobProperties properties = await client.GetPropertiesAsync(cancellationToken: cancellationToken);
                if (properties.ContentLength > Largest)
                {
                    throw Unreadable(blob, FormattableString.Invariant($"it has {properties.ContentLength} bytes, expected at most {Largest}"));
                }

                BlobDownloadResult content = await client.DownloadContentAsync(
                    new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = properties.ETag } }, cancellationToken);
                return new(Parse(blob, content.Content.ToMemory()), content.Details.ETag.ToString());
            }
            catch (RequestFailedException error) when (error.Status == 404)
            {
                return null;
            }
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryWriteAsync(
        BlobContainer place, string blob, WriteLeaseRecord record, Stored<WriteLeaseRecord> seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(seen);
        return GuardAsync("write", place, blob, async () =>
        {
            try
            {
                // Writes over what was seen or nothing: an answer that was lost is read again, never written again.
                await connections.Container(place).GetBlobClient(blob).UploadAsync(
                    new BinaryData(DocumentJson.Write(record)),
                    new BlobUploadOptions
                    {
                        Conditions = new BlobRequestConditions { IfMatch = new ETag(seen.ETag) },
                        HttpHeaders = new BlobHttpHeaders { ContentType = "application/json", CacheControl = "no-store" },
                    },
                    cancellationToken);
                return true;
            }
            catch (RequestFailedException error) when (error.Status is 404 or 412)
            {
                return false;
            }
        }, cancellationToken);
    }

    private static WriteLeaseRecord Parse(string blob, ReadOnlyMemory<byte> content)
    {
        try
        {
            var record = JsonSerializer.Deserialize<WriteLeaseRecord>(content.Span, DocumentJson.Options);
            return record switch
            {
                null => throw Unreadable(blob, "it is null"),
                { Schema: not 1 } => throw Unreadable(blob, FormattableString.Invariant($"its schema is {record.Schema}, expected 1")),
                { Epoch: < 0 } => throw Unreadable(blob, FormattableString.Invariant($"its epoch is {record.Epoch}, expected 0 or more")),
                { TtlSeconds: not (> 0 and <= 3600) } => throw Unreadable(blob, FormattableString.Invariant($"its ttlSeconds is {record.TtlSeconds}, expected more than 0 and at most 3600")),
                _ => record,
            };
        }
        catch (JsonException error)
        {
            throw Unreadable(blob, error.Message);
        }
    }

    private static async Task<T> GuardAsync<T>(string action, BlobContainer place, string blob, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (BackupException error)
        {
            throw new RecoveryException("LeaseUnavailable", $"The write lease '{blob}': {error.Message}", error.IsTransient, error.Hint, error);
        }
        catch (Exception error) when (BlobFailure.Is(error, cancellationToken))
        {
            var failure = BlobFailure.Of(error, $"{action} the write lease '{blob}'", $"the container '{place.Container}' of '{place.Connection}'");
            throw new RecoveryException("LeaseUnavailable", failure.Message, failure.IsTransient || error is RequestFailedException { Status: 412 }, failure.Hint, error);
        }
    }

    private static RecoveryException Unreadable(string blob, string why) => new(
        "LeaseUnreadable", $"The write lease '{blob}' is not readable: {why}.", isTransient: false, "Correct the record: see docs/runbooks.md for what it holds.");
}
