namespace DrFunctions.Recovery.Operations;

/// <summary>
/// The document of a step's operation: <c>runs/{run}/operations/{step}</c>, of a step with several <c>…/{part}</c>, and <c>/undo</c>
/// behind it for that of its undo; by If-Match.
/// </summary>
/// <param name="Schema">1.</param>
/// <param name="Try">When the step began: one that a person lets try again begins another operation.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="AskedAt">When the request was about to be sent.</param>
/// <param name="Poll">Where it is polled; null before the answer came, and when the answer named no place.</param>
internal sealed record OperationRecord(int Schema, string Try, OperationStage Stage, DateTimeOffset AskedAt, OperationPoll? Poll)
{
    /// <summary>
    /// What held when the request was sent that had the effect, or may have had it, see <see cref="OperationWork.Facts"/>: of one that was
    /// refused, the facts of the request before it. Null when there is none, and in documents of before there was any.
    /// </summary>
    public Dictionary<string, string>? Facts { get; init; }

    public static string Key(string runId, string step, string? part, bool isUndo) =>
        $"runs/{runId}/operations/{step}{(part is null ? "" : $"/{part}")}{(isUndo ? "/undo" : "")}";
}

/// <summary>How far an operation is, as far as is known.</summary>
internal enum OperationStage
{
    /// <summary>The request is about to be sent, or was and its answer did not come: it may have taken effect.</summary>
    Asked,

    /// <summary>The request was refused and had no effect.</summary>
    Refused,

    /// <summary>Accepted; it may be polled.</summary>
    Accepted,

    /// <summary>Ended well, by the service's word.</summary>
    Succeeded,

    /// <summary>The service cannot tell any more how it ended.</summary>
    Lost,
}
