using System.Globalization;
using DrFunctions.Recovery.Backups;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.App.BackupJobs;

/// <summary>What checks say of a workload's backups. Pure.</summary>
internal static class CheckRules
{
    /// <summary>Within this time all data is to be read.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromDays(30);

    /// <summary>Met when all data of both regions was read within 30 days and nothing was wrong; breached when anything was.</summary>
    public static ProofStatus Of(IReadOnlyList<CheckState> regions, DateTimeOffset now)
    {
        var newest = regions.Max(region => region.Newest);
        var age = (now - newest)?.TotalSeconds;
        foreach (var region in regions)
        {
            if (region.Seen.Where(part => part.Problems > 0).MaxBy(part => part.At) is { } wrong)
            {
                return new ProofStatus(
                    ObjectiveVerdict.Breached,
                    string.Create(CultureInfo.InvariantCulture, $"{region.Region}: {wrong.Problems} problems at {wrong.At?.UtcDateTime:yyyy-MM-dd HH:mm}Z, the first: {wrong.First}"),
                    newest,
                    age);
            }
        }

        if (newest is null)
        {
            return new ProofStatus(ObjectiveVerdict.Unknown, "no check is recorded: a part of each region a day is read once both hold a backup, and 'dr backup start check' reads all data");
        }

        var late = regions.Where(region => region.Seen.Any(part => part.At is null || now - part.At > Within)).ToList();
        return late.Count == 0
            ? new ProofStatus(ObjectiveVerdict.Met, "all data of both regions was read within 30 days: nothing is missing or damaged", newest, age)
            : new ProofStatus(
                ObjectiveVerdict.Unknown,
                string.Join("; ", late.Select(region => $"{region.Region}: {region.Seen.Count(part => now - part.At <= Within)} of {CheckState.Parts} parts of the data were read within 30 days, nothing is missing or damaged in them")),
                newest,
                age);
    }
}
