using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace DrFunctions.LocalRuntime.Durable.Storage;

/// <summary>
/// A hub's documents as block blobs of one container. Retries live in <see cref="StoreGuard"/>: give a client made with
/// <see cref="ClientOptions"/>, which tries once and bounds every call.
/// </summary>
internal sealed class BlobHubStore(BlobContainerClient container) : IHubStore
{
    /// <summary>How long one call may take on the wire.</summary>
    public static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Options of a client whose calls are tried once and end within <see cref="NetworkTimeout"/>.</summary>
    public static BlobClientOptions ClientOptions() => new() { Retry = { MaxRetries = 0, NetworkTimeout = NetworkTimeout } };

    /// <summary>The store of a hub in the account of a connection string.</summary>
    public static BlobHubStore Connect(string connectionString, string hubName) =>
        new(new BlobServiceClient(connectionString, ClientOptions()).GetBlobContainerClient(ContainerName(hubName)));

    /// <summary>The container of a hub: <c>{hub}-durable</c>, in lower case.</summary>
    /// <exception cref="ArgumentException">That is no container name.</exception>
    public static string ContainerName(string hubName)
    {
        var isName = hubName is { Length: >= 1 and <= 50 }
            && hubName.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && char.IsAsciiLetterOrDigit(hubName[0])
            && !hubName.Contains("--", StringComparison.Ordinal)
            && hubName[^1] != '-';
        return isName
#pragma warning disable CA1308 // Container names are lower case.
            ? $"{hubName.ToLowerInvariant()}-durable"
#pragma warning restore CA1308
            : throw new ArgumentException(
                $"Task hub name '{hubName}': expected 1 to 50 letters, digits and single hyphens between them.", nameof(hubName));
    }

    public Task EnsureCreatedAsync(CancellationToken ct) =>
        CallAsync(async () => await container.CreateIfNotExistsAsync(cancellationToken: ct), ct);

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken ct) => CallAsync<StoredDocument?>(
        async () =>
        {
            try
            {
                var blob = (await container.GetBlobClient(name).DownloadContentAsync(ct)).Value;
                return new StoredDocument(
                    blob.Content.ToMemory(), blob.Details.ETag.ToString(), new Dictionary<string, string>(blob.Details.Metadata));
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                return null;
            }
        },
        ct);

    public Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct) =>
        UploadAsync(name, content, new BlobRequestConditions { IfNoneMatch = ETag.All }, ct);

    public Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct) =>
        UploadAsync(name, content, new BlobRequestConditions { IfMatch = new ETag(etag) }, ct);

    public Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct) => CallAsync(
        async () =>
        {
            try
            {
                var conditions = etag is null ? null : new BlobRequestConditions { IfMatch = new ETag(etag) };
                return (await container.GetBlobClient(name).DeleteIfExistsAsync(conditions: conditions, cancellationToken: ct)).Value;
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ConditionNotMet)
            {
                return false;
            }
        },
        ct);

    public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct) => CallAsync(
        async () =>
        {
            var pages = container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix, ct).AsPages(continuation, pageSize);
            await foreach (var page in pages)
            {
                return new DocumentPage(
                    [.. page.Values.Select(blob => new ListedDocument(blob.Name, new Dictionary<string, string>(blob.Metadata)))],
                    string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
            }

            return new DocumentPage([], null);
        },
        ct);

    private Task<string?> UploadAsync(string name, DocumentContent content, BlobRequestConditions conditions, CancellationToken ct) =>
        CallAsync<string?>(
            async () =>
            {
                try
                {
                    var options = new BlobUploadOptions
                    {
                        Conditions = conditions,
                        HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
                        Metadata = content.Labels is null ? null : new Dictionary<string, string>(content.Labels),
                    };
                    var blob = await container.GetBlobClient(name).UploadAsync(new BinaryData(content.Body), options, ct);
                    return blob.Value.ETag.ToString();
                }
                catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists
                    || e.ErrorCode == BlobErrorCode.ConditionNotMet
                    || e.ErrorCode == BlobErrorCode.BlobNotFound)
                {
                    return null;
                }
            },
            ct);

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            throw new HubStoreException($"The task hub's container '{container.Name}' at {container.Uri.Host} does not exist.", e);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is RequestFailedException or AggregateException
            or OperationCanceledException or IOException or TimeoutException)
        {
            throw new HubStoreException($"Blob storage at {container.Uri.Host} did not answer as expected: {FirstLine(e)}", e);
        }
    }

    private static string FirstLine(Exception e) => e.Message.Split('\n', 2)[0].TrimEnd();
}
