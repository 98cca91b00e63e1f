using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using DrFunctions.Backup;

namespace DrFunctions.Cloud.Blobs;

/// <summary>What the SDK throws, said in the engine's words. Addresses without queries: a signature is a secret.</summary>
internal static class BlobFailure
{
    /// <summary>True when storage or the way to it failed; false for our own mistakes and for a caller who gave up.</summary>
    public static bool Is(Exception error, CancellationToken cancellationToken) => error switch
    {
        BackupException => false,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AggregateException many => many.InnerExceptions.All(inner => Is(inner, cancellationToken)),
        RequestFailedException or AuthenticationFailedException or HttpRequestException or IOException => true,
        _ => false,
    };

    /// <summary>True when the answer was this error.</summary>
    public static bool Is(Exception error, BlobErrorCode code) => error is RequestFailedException failed && failed.ErrorCode == code;

    /// <summary>The failure as the engine's callers know it.</summary>
    /// <param name="error">What the SDK threw.</param>
    /// <param name="action">What was tried, such as <c>read 'a/b'</c>.</param>
    /// <param name="place">Where, such as a container's address.</param>
    public static BackupException Of(Exception error, string action, string place)
    {
        var cause = error is AggregateException many ? many.InnerExceptions[^1] : error;
        return cause switch
        {
            RequestFailedException { Status: 0 or 408 or 429 or >= 500 } failed =>
                Unavailable(failed.Status == 0 ? Innermost(failed) : Answer(failed)),
            RequestFailedException { ErrorCode: "ContainerBeingDeleted" or "InvalidBlockList" } failed => Unavailable(Answer(failed)),
            RequestFailedException failed => Refused(Answer(failed), Hint(failed.Status), isTransient: false),
            AuthenticationFailedException => Refused("no token could be had", "Check the app's identity and its rights on the account.", isTransient: true),
            OperationCanceledException => Unavailable("no answer in time"),
            _ => Unavailable(Innermost(cause)),
        };

        BackupException Unavailable(string found) => new(
            BackupErrors.StorageUnavailable,
            $"Could not {action} in {place}: {found}.",
            isTransient: true,
            "Check that the storage account and the network to it are up; then run it again.",
            error);

        BackupException Refused(string found, string hint, bool isTransient) => new(
            BackupErrors.StorageRefused, $"Could not {action} in {place}: {found}.", isTransient, hint, error);
    }

    private static string Answer(RequestFailedException failed) =>
        FormattableString.Invariant($"the answer was {failed.Status}{(failed.ErrorCode is { Length: > 0 } code ? $" {code}" : "")}");

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error is OperationCanceledException ? "no answer in time" : error.Message.TrimEnd('.');
    }

    private static string Hint(int status) => status switch
    {
        401 or 403 => "Check the account key, or the identity's role on the account (Storage Blob Data Contributor), and the account's firewall.",
        404 => "Check the container's name.",
        _ => "Look the code up among the storage service's error codes.",
    };
}
