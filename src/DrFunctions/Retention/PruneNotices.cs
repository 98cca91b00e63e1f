using DrFunctions.Recovery.Events;

namespace DrFunctions.App.Retention;

/// <summary>The event that a prune raises. Pure; its id is the same for each repetition.</summary>
internal static class PruneNotices
{
    private const int LongestMessage = 2000;

    /// <summary>A prune failed to its last attempt, could remove no pack, or was refused by the storage.</summary>
    public static Notice Troubled(string workload, PruneInput job, PruneRecord record)
    {
        var message = string.Join(" ", record.Troubles);
        return new Notice(
            $"{workload}_prune-failed_{job.Pair.Id[..12]}_{record.Name}",
            "DrFunctions.Prune.Failed",
            $"/drfunctions/{workload}",
            $"prunes/{record.Name}",
            record.EndedAt,
            new Dictionary<string, string>
            {
                ["workload"] = workload,
                ["prune"] = record.Name,
                ["regions"] = string.Join(",", record.Places.Where(place => place.Troubles.Any()).Select(place => place.Place.Region)),
                ["message"] = message.Length <= LongestMessage ? message : $"{message[..LongestMessage]}…",
            });
    }
}
