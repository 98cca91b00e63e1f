using System.Security.Cryptography;
using System.Text;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Routing;

/// <summary>
/// Who writes a profile. Two workloads may share one, and the service has no ETags: a run claims it before its first write and gives
/// it back after its last. A claim lives as long as its run: there is no time after which it ends.
/// </summary>
public sealed class ProfileClaims(IDocumentStore documents, WorkloadLocks locks)
{
    private const int Attempts = 16;

    /// <summary>Claims a profile for a run. Idempotent.</summary>
    /// <exception cref="RecoveryException"><c>ProfileClaimed</c>, transient: a run that still holds its lock has the profile.</exception>
    public async Task TakeAsync(ResourceId profile, RunRequest run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var claim = new ProfileClaim(1, profile, run.Workload, run.RunId);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await documents.ReadAsync<ProfileClaim>(Key(profile), cancellationToken);
            if (seen?.Value.RunId == run.RunId)
            {
                return;
            }

            if (seen is { Value: var held } && await IsAliveAsync(held, cancellationToken))
            {
                throw new RecoveryException(
                    "ProfileClaimed",
                    $"The profile '{profile.Name}' is being written by the run '{held.RunId}' of '{held.Workload}'; nothing was written.",
                    isTransient: true,
                    $"Wait until that run has moved its users, or cancel it: dr run show {held.RunId}.");
            }

            if (await documents.TryWriteAsync(Key(profile), claim, seen, cancellationToken))
            {
                return;
            }
        }

        throw new RecoveryException(
            "ClaimContended", $"The claim of '{profile.Name}' changed {Attempts} times while it was being written.", isTransient: true, "Try again.");
    }

    /// <summary>Gives a claim back; does nothing when the run has none.</summary>
    public async Task ReleaseAsync(ResourceId profile, RunRequest run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (await documents.ReadAsync<ProfileClaim>(Key(profile), cancellationToken) is { } seen && seen.Value.RunId == run.RunId)
        {
            _ = await documents.TryDeleteAsync(Key(profile), seen.ETag, cancellationToken);
        }
    }

    private async Task<bool> IsAliveAsync(ProfileClaim claim, CancellationToken cancellationToken) =>
        await locks.ReadAsync(claim.Workload, cancellationToken) is { State: LockState.Held } held && held.Run.RunId == claim.RunId;

    // Resource ids are compared ignoring case, keys are not.
    private static string Key(ResourceId profile) =>
        $"profiles/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(profile.Value.ToUpperInvariant())))[..40]}";

    private sealed record ProfileClaim(int Schema, ResourceId Profile, string Workload, string RunId);
}
