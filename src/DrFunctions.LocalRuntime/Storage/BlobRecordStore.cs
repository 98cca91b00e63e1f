using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace DrFunctions.LocalRuntime.Storage;

/// <summary>Records as blobs; containers are made when first written to.</summary>
internal sealed class BlobRecordStore(BlobServiceClient service) : IRecordStore
{
    public Task<StoredRecord?> ReadAsync(string container, string name, CancellationToken cancellationToken) =>
        GuardAsync($"read {container}/{name}", async () =>
        {
            try
            {
                var answer = await Blob(container, name).DownloadContentAsync(cancellationToken);
                return new StoredRecord(answer.Value.Content, answer.Value.Details.ETag.ToString());
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                return null;
            }
        });

    public Task<bool> TryCreateAsync(string container, string name, BinaryData content, CancellationToken cancellationToken) =>
        GuardAsync($"create {container}/{name}", async () =>
        {
            try
            {
                return await UploadAsync(container, name, content, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                await service.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                return await UploadAsync(container, name, content, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken);
            }
        });

    public Task<bool> TryReplaceAsync(
        string container, string name, BinaryData content, string etag, CancellationToken cancellationToken) =>
        GuardAsync($"replace {container}/{name}", async () =>
        {
            try
            {
                return await UploadAsync(
                    container, name, content, new BlobRequestConditions { IfMatch = new ETag(etag) }, cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                return false;
            }
        });

    private async Task<bool> UploadAsync(
        string container, string name, BinaryData content, BlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        try
        {
            await Blob(container, name).UploadAsync(content, new BlobUploadOptions { Conditions = conditions }, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412 && exception.ErrorCode != BlobErrorCode.ContainerBeingDeleted)
        {
            return false;
        }
    }

    private BlobClient Blob(string container, string name) => service.GetBlobContainerClient(container).GetBlobClient(name);

    private async Task<T> GuardAsync<T>(string what, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (IsStorageFailure(exception))
        {
            throw new RecordStoreException($"The storage account '{service.AccountName}' at {service.Uri} did not {what}: {Reason(exception)}", exception);
        }
    }

    // The client wraps what its retries met into an AggregateException.
    private static bool IsStorageFailure(Exception exception) =>
        exception is RequestFailedException or IOException or HttpRequestException
        || (exception is AggregateException aggregate && aggregate.InnerExceptions.All(IsFailureOfAnAttempt));

    private static bool IsFailureOfAnAttempt(Exception exception) =>
        exception is RequestFailedException or IOException or HttpRequestException or TaskCanceledException or TimeoutException;

    private static string Reason(Exception exception) => exception switch
    {
        AggregateException aggregate => Reason(aggregate.InnerExceptions[^1]),
        RequestFailedException { ErrorCode: { Length: > 0 } code, Status: var status } => $"{status} {code}",
        _ => exception.Message.Split('\n')[0].Trim(),
    };
}
