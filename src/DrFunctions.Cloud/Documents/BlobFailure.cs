using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Cloud.Documents;

/// <summary>Failures of blob storage as <see cref="DocumentStoreException"/>.</summary>
internal static class BlobFailure
{
    /// <summary>
    /// True for what the client throws when storage refuses or does not answer; false for the caller's own cancellation and for
    /// mistakes of ours.
    /// </summary>
    public static bool IsFailure(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        // The client reports its own time limit as a cancellation.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        // All attempts failed: one exception for each.
        AggregateException many => many.InnerExceptions.All(one => IsFailure(one, cancellationToken)),
        RequestFailedException or AuthenticationFailedException or HttpRequestException or IOException => true,
        _ => false,
    };

    /// <summary>The exception to throw. Says status and error code, never headers or bodies: they may carry signatures.</summary>
    public static DocumentStoreException ToException(Exception exception, string what)
    {
        var cause = exception is AggregateException { InnerExceptions: [.., var last] } ? last : exception;
        return cause switch
        {
            RequestFailedException { Status: 0 } => new($"{what}: no connection.", isTransient: true, exception),
            RequestFailedException e => new(
                $"{what}: status {e.Status}, {e.ErrorCode ?? "no error code"}.",
                isTransient: e.Status is 408 or 429 or >= 500 || e.ErrorCode == BlobErrorCode.ContainerBeingDeleted,
                e.Status is 401 or 403 ? null : exception),
            // Its message tells every credential that was tried; the identity endpoint may come back.
            AuthenticationFailedException => new($"{what}: no token for the app's identity.", isTransient: true, exception),
            OperationCanceledException => new($"{what}: no answer in time.", isTransient: true, exception),
            _ => new($"{what}: the connection broke.", isTransient: true, exception),
        };
    }
}
