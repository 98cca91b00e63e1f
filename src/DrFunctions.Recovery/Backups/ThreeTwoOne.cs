using System.Globalization;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Recovery.Backups;

/// <summary>
/// The 3-2-1 rule, with the 0 that was added to it: three copies of the data (the live ones among them), on two media, one of them in another place, and no
/// error in the last restore. A medium is here a storage account: what is deleted, locked or lost with one is not with another.
/// </summary>
/// <param name="Verdict">The worst of the four.</param>
/// <param name="Copies">Three copies.</param>
/// <param name="Media">Two storage accounts.</param>
/// <param name="OffSite">One in another region.</param>
/// <param name="Errors">None in the last restore test.</param>
public sealed record ThreeTwoOne(ObjectiveVerdict Verdict, RulePart Copies, RulePart Media, RulePart OffSite, RulePart Errors)
{
    /// <summary>Judges what is known. Pure.</summary>
    public static ThreeTwoOne Of(BackupPlaces places, ProofStatus restoreTest)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(restoreTest);
        var held = places.Repositories.Where(place => place.HasRestorePoint).ToList();
        var lacking = places.Repositories.Where(place => !place.HasRestorePoint).Select(place => place.Region).ToList();
        var copies = held.Count >= 2
            ? new RulePart(ObjectiveVerdict.Met, Text($"{held.Count + 1} copies: the live data and the repositories in {Join(held)}"))
            : new RulePart(
                ObjectiveVerdict.Unknown,
                Text($"{held.Count + 1} copies are known, the live data among them"),
                $"no restore point is recorded of the repository in {string.Join(" and ", lacking)}");
        var accounts = held.Select(place => place.Account).Prepend(places.LiveAccount).ToList();
        var distinct = accounts.Distinct(StringComparer.OrdinalIgnoreCase).Count();
        var media = accounts.Contains(null)
                ? new RulePart(ObjectiveVerdict.Unknown, "not all storage accounts are known", places.WhyUnknown ?? "the app setting of a storage account")
            : distinct >= 2 ? new RulePart(ObjectiveVerdict.Met, Text($"{distinct} storage accounts"))
            : held.Count < places.Repositories.Count
                ? new RulePart(ObjectiveVerdict.Unknown, "1 storage account that is known to hold the data", $"no restore point is recorded of the repository in {string.Join(" and ", lacking)}")
            : new RulePart(ObjectiveVerdict.Breached, "1 storage account", "a repository in another storage account than the live data");
        var away = held.FirstOrDefault(place => place.Region != places.LiveRegion);
        var offSite = away is null
                ? new RulePart(ObjectiveVerdict.Unknown, $"no restore point is known outside {places.LiveRegion}", $"a copy in {string.Join(" and ", lacking.Where(region => region != places.LiveRegion))}")
            : away.Account is { } account && string.Equals(account, places.LiveAccount, StringComparison.OrdinalIgnoreCase)
                ? new RulePart(ObjectiveVerdict.Breached, $"the repository of {away.Region} is in the storage account of the live data", $"a storage account in {away.Region}")
            : new RulePart(ObjectiveVerdict.Met, $"a copy in {away.Region}");
        var errors = new RulePart(
            restoreTest.Verdict, restoreTest.Detail, restoreTest.Verdict == ObjectiveVerdict.Met ? null : "a restore test that passes");
        ObjectiveVerdict[] all = [copies.Verdict, media.Verdict, offSite.Verdict, errors.Verdict];
        var worst = all.Contains(ObjectiveVerdict.Breached) ? ObjectiveVerdict.Breached
            : all.Contains(ObjectiveVerdict.Unknown) ? ObjectiveVerdict.Unknown
            : ObjectiveVerdict.Met;
        return new ThreeTwoOne(worst, copies, media, offSite, errors);
    }

    private static string Join(IEnumerable<RepositoryPlace> places) => string.Join(" and ", places.Select(place => place.Region));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A part of the rule.</summary>
/// <param name="Verdict">Met, breached, or unknown.</param>
/// <param name="Found">What was found, in words.</param>
/// <param name="Missing">What is missing, in words; null when nothing is.</param>
public sealed record RulePart(ObjectiveVerdict Verdict, string Found, string? Missing = null);

/// <summary>Where the data are.</summary>
/// <param name="LiveRegion">The region of the live data.</param>
/// <param name="LiveAccount">Their storage account; null when it is not known.</param>
/// <param name="Repositories">The repositories, one a region.</param>
/// <param name="WhyUnknown">Why an account is not known.</param>
public sealed record BackupPlaces(string LiveRegion, string? LiveAccount, IReadOnlyList<RepositoryPlace> Repositories, string? WhyUnknown = null);

/// <summary>A repository.</summary>
/// <param name="Region">Its region.</param>
/// <param name="Account">Its storage account; null when it is not known.</param>
/// <param name="HasRestorePoint">Whether a restore point of the policy is recorded there.</param>
public sealed record RepositoryPlace(string Region, string? Account, bool HasRestorePoint);
