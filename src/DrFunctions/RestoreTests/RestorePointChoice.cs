using System.Security.Cryptography;
using System.Text;
using DrFunctions.Backup;

namespace DrFunctions.App.RestoreTests;

/// <summary>Which restore points a test is of. Pure.</summary>
internal static class RestorePointChoice
{
    /// <summary>
    /// The newest, one drawn from the window, and the oldest; one that is chosen twice comes once, with both reasons. Drawn is the one
    /// whose id gives the least SHA-256 with the seed, so that a later look at the same restore points draws the same one.
    /// </summary>
    /// <param name="snapshots">The policy's snapshots, complete ones only, in any order.</param>
    /// <param name="occurrence">The end of the window, inclusive. What is newer is not drawn: a retry sees more of it.</param>
    /// <param name="window">Its length.</param>
    /// <param name="seed">What is drawn by.</param>
    public static IReadOnlyList<ChosenPoint> Of(IReadOnlyList<Snapshot> snapshots, DateTimeOffset occurrence, TimeSpan window, string seed)
    {
        if (snapshots.Count == 0)
        {
            return [];
        }

        var drawn = snapshots
            .Where(snapshot => snapshot.RestorePoint <= occurrence && snapshot.RestorePoint > occurrence - window)
            .MinBy(snapshot => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{snapshot.Id}"))), StringComparer.Ordinal);
        var picked = new List<(RestorePointPick Pick, Snapshot Snapshot)>
        {
            (RestorePointPick.Newest, snapshots.MaxBy(snapshot => (snapshot.RestorePoint, snapshot.Id))!), // There is one.
            (RestorePointPick.Oldest, snapshots.MinBy(snapshot => (snapshot.RestorePoint, snapshot.Id))!),
        };
        if (drawn is not null)
        {
            picked.Insert(1, (RestorePointPick.Random, drawn));
        }

        return [.. picked.GroupBy(one => one.Snapshot.Id).Select(same => new ChosenPoint([.. same.Select(one => one.Pick)], same.First().Snapshot))];
    }
}

/// <summary>A restore point to test.</summary>
/// <param name="Picks">Why.</param>
/// <param name="Snapshot">The snapshot.</param>
internal sealed record ChosenPoint(IReadOnlyList<RestorePointPick> Picks, Snapshot Snapshot);
