using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Fences.WriteLease;

/// <summary>
/// Takes the record from one region, waits until its writers' time is over, and gives it to the other: in between it is nobody's, so
/// that no two regions write at once. The wait is by the monotonic clock of whoever waits, from its own look at the record on.
/// </summary>
internal sealed class WriteLeaseWorker(IWriteLeases leases, TimeProvider time) : FenceWorker<WriteLeaseFence>
{
    private const string HolderFact = "holderBefore";
    private const string Missing = "FenceTargetMissing";
    private readonly HeldSince _taken = new(time);

    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        await ReadAsync(site, cancellationToken) is { } seen ? new Dictionary<string, string> { [HolderFact] = seen.Value.Holder } : [];

    public override async Task<StepCheck> CheckAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        await ReadAsync(site, cancellationToken) switch
        {
            null => StepCheck.Failed(Missing, MissingMessage(site), MissingHint),
            { Value: var record } when Foreign(site, record) is { } foreign => StepCheck.Failed("LeaseForeign", foreign, ForeignHint),
            { Value: var record } => StepCheck.Ok(
                FormattableString.Invariant($"the write lease {Fence(site).Blob} is of {(record.Holder.Length == 0 ? "nobody" : record.Holder)}, epoch {record.Epoch}")),
        };

    public override Task<StepAttempt> AttemptAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        MoveAsync(site, context, site.Fenced.Name, site.Plan.RegionOf(site.Other).Name, "", cancellationToken);

    // Before a run of ours, whoever held it could write, also while it changed hands.
    public override string? FoundFenced(FenceSite site, StepContext context) =>
        !context.Chosen.TryGetValue(HolderFact, out var before) || before == site.Plan.RegionOf(site.Other).Name
            ? $"the write lease {Fence(site).Blob} was not {site.Fenced.Name}'s before, and stays as it is"
            : null;

    public override Task<StepAttempt> UndoAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        MoveAsync(site, context, site.Plan.RegionOf(site.Other).Name, site.Fenced.Name, "/undo", cancellationToken);

    private async Task<StepAttempt> MoveAsync(
        FenceSite site, StepContext context, string from, string to, string purpose, CancellationToken cancellationToken)
    {
        var key = $"{context.Run.RunId}/{context.Index}/{context.Occasion}/{site.Store.Name}{purpose}";
        if (await ReadAsync(site, cancellationToken) is not { } seen)
        {
            return StepAttempt.Failed(Missing, MissingMessage(site), MissingHint);
        }

        var record = seen.Value;
        if (record.Holder == to)
        {
            // It was given only after the wait.
            _taken.Forget(key);
            return StepAttempt.Done(FormattableString.Invariant($"the write lease {Fence(site).Blob} is {to}'s, epoch {record.Epoch}; nobody writes in {from}"));
        }

        if (Foreign(site, record) is { } foreign)
        {
            return StepAttempt.Failed("LeaseForeign", foreign, ForeignHint);
        }

        if (record.RunEpoch > context.Epoch)
        {
            return StepAttempt.Failed(
                "LeaseSuperseded",
                FormattableString.Invariant($"The write lease {Fence(site).Blob} was changed by '{record.Run}' of epoch {record.RunEpoch}, and this run has {context.Epoch}."),
                "Nothing to do: the newer run decides.");
        }

        var changed = record with { Run = context.Run.RunId, RunEpoch = context.Epoch };
        if (record.Holder.Length > 0)
        {
            // Taken from whom it is: writers there may go on until their time is over.
            _taken.Forget(key);
            var taken = changed with { Epoch = Math.Max(record.Epoch + 1, context.Epoch), Holder = "", Leaving = record.Holder };
            return await WriteAsync(site, context, taken, seen, cancellationToken) ? Waiting(site, key, record) : Contended(site);
        }

        // It is nobody's. Whose writers may go on must be waited for, unless they are those that get it.
        if (record.Leaving != to && Left(site, key, record) > TimeSpan.Zero)
        {
            return Waiting(site, key, record);
        }

        _taken.Forget(key);
        return await WriteAsync(site, context, changed with { Epoch = Math.Max(record.Epoch, context.Epoch), Holder = to, Leaving = "" }, seen, cancellationToken)
            ? StepAttempt.Done(FormattableString.Invariant(
                $"the write lease {Fence(site).Blob} is {to}'s, epoch {Math.Max(record.Epoch, context.Epoch)}; nobody writes in {from} since {Wait(site, record).TotalSeconds:0} s and more"))
            : Contended(site);
    }

    private const string MissingHint = "Let the application make the record, see docs/runbooks.md; or correct the plan.";

    private const string ForeignHint = "Correct the record, or the names of the regions in the plan.";

    private static WriteLeaseFence Fence(FenceSite site) => (WriteLeaseFence)site.Store.Fence;

    // Writers keep to what the record says; whichever of the two is longer is waited for.
    private static TimeSpan Wait(FenceSite site, WriteLeaseRecord record)
    {
        var told = TimeSpan.FromSeconds(record.TtlSeconds);
        return (told > Fence(site).Ttl ? told : Fence(site).Ttl) + Fence(site).Margin;
    }

    private TimeSpan Left(FenceSite site, string key, WriteLeaseRecord record) => Wait(site, record) - _taken.Look(key);

    private StepAttempt Waiting(FenceSite site, string key, WriteLeaseRecord record)
    {
        var left = Left(site, key, record);
        return StepAttempt.Again(
            "LeaseExpiring",
            FormattableString.Invariant($"the write lease {Fence(site).Blob} was taken; writers that saw it before may go on for {left.TotalSeconds:0} s"),
            left,
            "Nothing to do but wait.");
    }

    private static StepAttempt Contended(FenceSite site) => StepAttempt.Again(
        "LeaseContended", $"the write lease {Fence(site).Blob} changed while it was being written", TimeSpan.FromSeconds(1), "Look at who writes the record.");

    private Task<Stored<WriteLeaseRecord>?> ReadAsync(FenceSite site, CancellationToken cancellationToken) =>
        leases.ReadAsync(Fence(site).Place, Fence(site).Blob, cancellationToken);

    private async Task<bool> WriteAsync(
        FenceSite site, StepContext context, WriteLeaseRecord record, Stored<WriteLeaseRecord> seen, CancellationToken cancellationToken)
    {
        await context.EnsureCurrentAsync(cancellationToken);
        return await leases.TryWriteAsync(Fence(site).Place, Fence(site).Blob, record, seen, cancellationToken);
    }

    private static string MissingMessage(FenceSite site) =>
        $"The write lease '{Fence(site).Blob}' does not exist in the container '{Fence(site).Place.Container}' of '{Fence(site).Place.Connection}', so nothing keeps the writers of '{site.Store.Name}' in {site.Fenced.Name} from writing.";

    private static string? Foreign(FenceSite site, WriteLeaseRecord record)
    {
        string[] known = ["", site.Plan.Primary.Name, site.Plan.Secondary.Name];
        return known.Contains(record.Holder) && known.Contains(record.Leaving)
            ? null
            : $"The write lease {Fence(site).Blob} is of '{record.Holder}'{(record.Leaving.Length > 0 ? $", leaving '{record.Leaving}'" : "")}; expected {site.Plan.Primary.Name} or {site.Plan.Secondary.Name}.";
    }
}
