using System.Globalization;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Operations;

/// <summary>
/// Carries one asynchronous operation of Resource Manager through the attempts of a step: it is begun once, asked for once in an
/// attempt, and done only when the resource itself shows what was wanted. Whatever dies in between, the resource is read before
/// anything is sent again.
/// </summary>
/// <remarks>
/// Order of an attempt: poll what is under way; else read the resource; else write that the request is about to be sent, send it, write
/// what it was answered. Two attempts at once: the document's compare-and-swap lets one of them send.
/// </remarks>
public sealed class OperationFollower(IDocumentStore documents, IOperations operations, TimeProvider time)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(5);

    // The service refused for the moment, and says so as the failure of an operation that it had accepted.
    private static readonly HashSet<string> BusyCodes = new(StringComparer.OrdinalIgnoreCase)
    {
        "ServerIsBusy", "ServerBusy", "ServerIsNotReady", "ConflictingServerOperation", "ConflictingDatabaseOperation",
        "AnotherOperationInProgress", "OperationInterrupted", "RetryableError", "StorageAccountOperationInProgress",
    };

    /// <summary>Attempts once.</summary>
    /// <exception cref="RecoveryException">Resource Manager, or the document store, refused or did not answer.</exception>
    public async Task<StepAttempt> AttemptAsync(StepContext context, OperationWork work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(work);
        var document = OperationRecord.Key(context.Run.RunId, context.Step.Name, work.Part, work.IsUndo);
        var stored = await documents.ReadAsync<OperationRecord>(document, cancellationToken);
        var attempt = new Attempt(context, work, document, context.BegunAt.ToString("O", CultureInfo.InvariantCulture), stored);
        return attempt.Record switch
        {
            { Stage: OperationStage.Accepted, Poll: not null } => await PollAsync(attempt, cancellationToken),
            _ => await ReadAsync(attempt, null, cancellationToken),
        };
    }

    private async Task<StepAttempt> PollAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var record = attempt.Record!; // the caller saw it
        var progress = await operations.PollAsync(record.Poll!, cancellationToken);
        switch (progress.State)
        {
            case OperationState.Running:
                if (progress.Next is { } next && next != record.Poll)
                {
                    await WriteAsync(attempt, record with { Poll = next }, cancellationToken);
                }

                var since = time.GetUtcNow() - record.AskedAt;
                return StepAttempt.Again(
                    "OperationRunning",
                    string.Create(CultureInfo.InvariantCulture, $"{attempt.Work.What} is '{progress.Status}' since {since.TotalSeconds:0} s"),
                    OperationPause.Of(progress.RetryAfter, since),
                    "Look at the operation in the resource's activity log.");
            case OperationState.Failed when BusyCodes.Contains(progress.Code ?? ""):
                await WriteAsync(attempt, record with { Stage = OperationStage.Refused, Poll = null, Facts = null }, cancellationToken);
                return StepAttempt.Again(
                    "ResourceBusy",
                    $"{attempt.Work.What} was put off: {progress.Code}: {progress.Message}",
                    OperationPause.Of(progress.RetryAfter, Busy * 4),
                    "Another operation changes the resource; look at its activity log.");
            case OperationState.Failed when attempt.Work.IsUndo:
                // An undo that a person asks for again has no beginning of its own: the next one begins anew.
                await WriteAsync(attempt, record with { Stage = OperationStage.Refused, Poll = null }, cancellationToken);
                return await ReadAsync(attempt, progress, cancellationToken);
            case OperationState.Failed:
                return await ReadAsync(attempt, progress, cancellationToken);
            default:
                var ended = record with { Stage = progress.State == OperationState.Succeeded ? OperationStage.Succeeded : OperationStage.Lost };
                await WriteAsync(attempt, ended, cancellationToken);
                return await ReadAsync(attempt with { Stored = new(ended, "") }, progress, cancellationToken);
        }
    }

    /// <summary>Reads the resource, and goes on from what it shows.</summary>
    private async Task<StepAttempt> ReadAsync(Attempt attempt, OperationProgress? ended, CancellationToken cancellationToken)
    {
        var (work, record) = (attempt.Work, attempt.Record);
        var target = await work.ReadAsync(cancellationToken);
        return target.State switch
        {
            TargetState.Reached => Reached(target, attempt),
            not TargetState.Changing when ended is { State: OperationState.Failed } => StepAttempt.Failed(
                "OperationFailed",
                $"{work.What} ended as '{ended.Status}': {ended.Code ?? "no error code"}{(ended.Message is null ? "" : $": {ended.Message}")}; {target.Summary}.",
                "Look at the resource's activity log; retry the step when the cause is gone."),
            TargetState.Impossible => StepAttempt.Failed(target.Code, target.Summary, target.Hint),
            TargetState.Changing => StepAttempt.Again("ResourceChanging", target.Summary, Pause(record), "Look at who changes the resource."),
            _ when record is { Stage: OperationStage.Succeeded } => StepAttempt.Again(
                "VerifyPending", $"{work.What} ended well, but {target.Summary}", Pause(record), "Look at the resource: somebody else may have changed it back."),
            _ when record is { Stage: OperationStage.Asked or OperationStage.Accepted or OperationStage.Lost } && Left(record, work) is { } left => StepAttempt.Again(
                "AnswerLost",
                $"it is not known whether {work.What} was begun; {target.Summary}",
                left < Busy ? left : Busy,
                "Look at the resource's activity log: if nothing was begun, it is begun anew once the request can no longer take effect."),
            _ => await BeginAsync(attempt, cancellationToken),
        };
    }

    private async Task<StepAttempt> BeginAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var work = attempt.Work;
        await attempt.Context.EnsureCurrentAsync(cancellationToken);
        var asked = new OperationRecord(1, attempt.Try, OperationStage.Asked, time.GetUtcNow(), null) { Facts = work.Facts };
        if (!await WriteAsync(attempt, asked, cancellationToken))
        {
            return StepAttempt.Again("AttemptOvertaken", $"another attempt begins {work.What}", Soon, "Nothing to do.");
        }

        var written = attempt with { Stored = await documents.ReadAsync<OperationRecord>(attempt.Document, cancellationToken) };
        BegunOperation begun;
        try
        {
            begun = await work.BeginAsync(cancellationToken);
        }
        catch (RecoveryException refusal) when (HadNoEffect(refusal))
        {
            // What it was asked with holds for nothing; what one before it was asked with, whose answer never came, may be why it was refused.
            await WriteAsync(written, asked with { Stage = OperationStage.Refused, Facts = attempt.Stored?.Value.Facts }, cancellationToken);
            if (refusal.RetryAfter is { } wait)
            {
                return StepAttempt.Again(refusal.Code, refusal.Message, wait, refusal.Hint);
            }

            // A request before this one, of this run or of somebody's hand, may have had its effect since the resource was read: that is
            // why this one does not suit any more.
            if (!refusal.IsTransient && await work.ReadAsync(cancellationToken) is { State: TargetState.Reached or TargetState.Changing } now)
            {
                return now.State == TargetState.Reached
                    ? Reached(now, attempt)
                    : StepAttempt.Again("ResourceChanging", now.Summary, Busy, "Look at who changes the resource.");
            }

            throw;
        }

        var known = asked with { Stage = begun.Poll is null ? OperationStage.Succeeded : OperationStage.Accepted, Poll = begun.Poll };
        await WriteAsync(written, known, cancellationToken);
        return begun.Poll is null
            ? await ReadAsync(attempt with { Stored = new(known, "") }, null, cancellationToken)
            : StepAttempt.Again(
                "OperationRunning",
                $"{work.What} was begun",
                OperationPause.Of(begun.RetryAfter, TimeSpan.Zero),
                "Look at the operation in the resource's activity log.");
    }

    // What held when a request was sent holds for its effect, whichever try sent it; a target that nobody here asked for has none of it.
    private static StepAttempt Reached(OperationTarget target, Attempt attempt)
    {
        var facts = new Dictionary<string, string>(attempt.Stored?.Value.Facts ?? []);
        foreach (var (name, value) in target.Facts)
        {
            facts[name] = value;
        }

        return StepAttempt.Done(target.Summary, facts);
    }

    /// <summary>Refusals are answers given before anything was done; silence and server errors may come after the effect.</summary>
    private static bool HadNoEffect(RecoveryException refusal) => !refusal.IsTransient || refusal.Code is "Throttled" or "ResourceBusy";

    private TimeSpan? Left(OperationRecord record, OperationWork work) =>
        record.AskedAt + work.Settles - time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : null;

    private TimeSpan Pause(OperationRecord? record) => OperationPause.Of(null, record is null ? Busy * 4 : time.GetUtcNow() - record.AskedAt);

    private Task<bool> WriteAsync(Attempt attempt, OperationRecord record, CancellationToken cancellationToken) =>
        documents.TryWriteAsync(attempt.Document, record, attempt.Stored, cancellationToken);

    private sealed record Attempt(StepContext Context, OperationWork Work, string Document, string Try, Stored<OperationRecord>? Stored)
    {
        /// <summary>What is known of this try; null when nothing was begun in it.</summary>
        public OperationRecord? Record => Stored?.Value is { } record && record.Try == Try ? record : null;
    }
}
