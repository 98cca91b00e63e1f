namespace DrFunctions.Recovery.Operations;

/// <summary>Asynchronous operations that Resource Manager accepted.</summary>
public interface IOperations
{
    /// <summary>Asks once how an operation stands.</summary>
    /// <exception cref="RecoveryException">
    /// The question was refused or not answered, which says nothing about the operation; or the URL is of another host than Resource
    /// Manager's (<c>PollUrlForeign</c>) and was not followed.
    /// </exception>
    Task<OperationProgress> PollAsync(OperationPoll poll, CancellationToken cancellationToken);
}

/// <summary>Where an operation is polled.</summary>
/// <param name="Url">
/// Absolute; followed to the letter. It is signed, so it belongs in documents and never in logs, reports or durable histories.
/// </param>
/// <param name="Kind">What the URL answers.</param>
public sealed record OperationPoll(Uri Url, PollKind Kind);

/// <summary>What a poll URL answers; providers differ.</summary>
public enum PollKind
{
    /// <summary>The operation's status, always with 200 (<c>Azure-AsyncOperation</c>).</summary>
    Status,

    /// <summary>202 until it is done, then what the request would have been answered (<c>Location</c>).</summary>
    Result,

    /// <summary>The resource, whose <c>provisioningState</c> tells.</summary>
    Resource,
}

/// <summary>What a request that begins an operation was answered.</summary>
/// <param name="Poll">Where to ask for it; null when the answer named no place: then the resource's own state tells.</param>
/// <param name="RetryAfter">How long the service wants to be left alone; null when it did not say.</param>
public sealed record BegunOperation(OperationPoll? Poll, TimeSpan? RetryAfter)
{
    /// <summary>Nothing to ask for: it was done at once, or the resource's state tells.</summary>
    public static BegunOperation AtOnce { get; } = new(null, null);
}

/// <summary>How an operation stands.</summary>
/// <param name="State">Under way or how it ended.</param>
/// <param name="Status">The service's own word for it.</param>
public sealed record OperationProgress(OperationState State, string Status)
{
    /// <summary>How long the service wants to be left alone; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Where to ask next, when that changed.</summary>
    public OperationPoll? Next { get; init; }

    /// <summary>The service's error code, of one that failed.</summary>
    public string? Code { get; init; }

    /// <summary>The service's words, of one that failed or cannot be asked for.</summary>
    public string? Message { get; init; }
}

/// <summary>Whether an operation goes on, and how it ended.</summary>
public enum OperationState
{
    /// <summary>Under way.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended badly, or was canceled.</summary>
    Failed,

    /// <summary>The service does not tell, and will not later: only the resource's own state can.</summary>
    Lost,
}
