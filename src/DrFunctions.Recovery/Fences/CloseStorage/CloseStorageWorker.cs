using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.StorageAccounts;

namespace DrFunctions.Recovery.Fences.CloseStorage;

/// <summary>
/// Closes a storage account, and takes only what Resource Manager reads back for the fence, once that has had the time to reach every
/// front end of the account.
/// </summary>
internal sealed class CloseStorageWorker(IStorageAccounts accounts, TimeProvider time) : FenceWorker<CloseStorageFence>
{
    /// <summary>How long the closed state must have been seen: front ends take changes of access up to a minute late.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromSeconds(60);

    private const string NetworkFact = "publicNetworkAccess";
    private const string KeysFact = "allowSharedKeyAccess";
    private const string Missing = "FenceTargetMissing";
    private const string MissingHint = "Correct the account's id in the plan, or fence the region by hand and skip the step with an override.";
    private readonly HeldSince _closed = new(time);

    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        await accounts.ReadAccessAsync(CloseStorageFenceKind.Account(site), cancellationToken) is { } access
            ? new Dictionary<string, string> { [NetworkFact] = access.PublicNetworkAccess, [KeysFact] = access.SharedKeys ? "true" : "false" }
            : [];

    public override async Task<StepCheck> CheckAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        await accounts.ReadAccessAsync(CloseStorageFenceKind.Account(site), cancellationToken) switch
        {
            null => StepCheck.Failed(Missing, MissingMessage(site), MissingHint),
            { PrivateEndpoints: > 0 } access => StepCheck.Failed("PrivateEndpoints", PrivateMessage(site, access), PrivateHint),
            var access => StepCheck.Ok($"{CloseStorageFenceKind.Account(site).Name} has {Words(access)}"),
        };

    public override async Task<StepAttempt> AttemptAsync(FenceSite site, StepContext context, CancellationToken cancellationToken)
    {
        var account = CloseStorageFenceKind.Account(site);
        var key = $"{context.Run.RunId}/{context.Index}/{context.Occasion}/{site.Store.Name}";
        var access = await accounts.ReadAccessAsync(account, cancellationToken);
        if (access is { IsClosed: false, PrivateEndpoints: 0 })
        {
            _closed.Forget(key);
            await context.EnsureCurrentAsync(cancellationToken);
            await accounts.SetAccessAsync(account, StorageAccess.Closed, cancellationToken);
            access = await accounts.ReadAccessAsync(account, cancellationToken);
        }

        switch (access)
        {
            case null:
                // An account that is not there may be a plan with the wrong id, while the real one goes on.
                return StepAttempt.Failed(Missing, MissingMessage(site), MissingHint);
            case { PrivateEndpoints: > 0 }:
                return StepAttempt.Failed("PrivateEndpoints", PrivateMessage(site, access), PrivateHint);
            case { IsClosed: false }:
                return StepAttempt.Again(
                    "FencePending", $"{account.Name} has {Words(access)}; expected both closed", TimeSpan.FromSeconds(2), "Close the account by hand, then retry the step.");
        }

        if (Settles - _closed.Look(key) is var left && left > TimeSpan.Zero)
        {
            return StepAttempt.Again(
                "FenceSettling", $"{account.Name} is closed; its front ends may not all know", left, "Nothing to do but wait.");
        }

        _closed.Forget(key);
        return StepAttempt.Done($"Resource Manager confirms that {account.Name} has {Words(access)}, for {Settles.TotalSeconds:0} s");
    }

    public override string? FoundFenced(FenceSite site, StepContext context) =>
        !context.Chosen.TryGetValue(NetworkFact, out var network) || new StorageAccess(network, context.Chosen[KeysFact] == "true", 0).IsClosed
            ? $"{CloseStorageFenceKind.Account(site).Name} was closed before, and stays so"
            : null;

    public override async Task<StepAttempt> UndoAsync(FenceSite site, StepContext context, CancellationToken cancellationToken)
    {
        var account = CloseStorageFenceKind.Account(site);
        var before = new StorageAccess(context.Chosen[NetworkFact], context.Chosen[KeysFact] == "true", 0);
        var now = await accounts.ReadAccessAsync(account, cancellationToken);
        if (now is null)
        {
            return StepAttempt.Failed(Missing, MissingMessage(site), MissingHint);
        }

        if (now with { PrivateEndpoints = 0 } != before)
        {
            await context.EnsureCurrentAsync(cancellationToken);
            await accounts.SetAccessAsync(account, before, cancellationToken);
            now = await accounts.ReadAccessAsync(account, cancellationToken) ?? now;
        }

        return now with { PrivateEndpoints = 0 } == before
            ? StepAttempt.Done($"{account.Name} has {Words(now)} again")
            : StepAttempt.Again("UnfencePending", $"{account.Name} has {Words(now)}, expected {Words(before)}", TimeSpan.FromSeconds(2), "Open the account by hand.");
    }

    private const string PrivateHint = "Remove the private endpoints, or use another fence: stop-web-app or write-lease.";

    private static string Words(StorageAccess access) =>
        $"publicNetworkAccess {access.PublicNetworkAccess} and allowSharedKeyAccess {(access.SharedKeys ? "true" : "false")}";

    private static string PrivateMessage(FenceSite site, StorageAccess access) =>
        FormattableString.Invariant($"{CloseStorageFenceKind.Account(site).Name} has {access.PrivateEndpoints} private endpoints, through which writers with an identity reach it even when it is closed to public networks.");

    private static string MissingMessage(FenceSite site) =>
        $"The storage account '{CloseStorageFenceKind.Account(site)}' does not exist, so nothing confirms that '{site.Store.Name}' is fenced in {site.Fenced.Name}.";
}
