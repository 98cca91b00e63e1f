using System.Security.Cryptography;
using System.Text;

namespace DrFunctions.App.BackupJobs;

/// <summary>What checks saw of a region's repository.</summary>
/// <param name="Schema">1.</param>
/// <param name="Region">The region.</param>
/// <param name="Seen">Of each part, when it was last read and what was found; <see cref="Parts"/> of them.</param>
public sealed record CheckState(int Schema, string Region, IReadOnlyList<CheckedPart> Seen)
{
    /// <summary>In how many parts a repository's data is read, one each day: all of it within 30 days, also when two days are missed.</summary>
    public const int Parts = 28;

    /// <summary>A part that was never read, or the one that was read first; which of several, the lowest.</summary>
    public int Oldest => Seen.Index().MinBy(part => part.Item.At ?? DateTimeOffset.MinValue).Index;

    /// <summary>When anything was read last; null for never.</summary>
    public DateTimeOffset? Newest => Seen.Max(part => part.At);

    /// <summary>Nothing was seen yet.</summary>
    public static CheckState Nothing(string region) => new(1, region, [.. Enumerable.Repeat(new CheckedPart(), Parts)]);

    /// <summary>Whether a check found what no part that was read before knows of.</summary>
    internal bool HasNews(RepositoryChecked found)
    {
        var known = Seen.SelectMany(part => part.Found ?? []).ToHashSet(StringComparer.Ordinal);
        return found.ProblemCount > Seen.Max(part => part.Problems) || found.Problems.Any(problem => !known.Contains(CheckedPart.NameOf(problem)));
    }

    /// <summary>After a check.</summary>
    /// <param name="part">The part that was read; null for all data.</param>
    /// <param name="found">What was found.</param>
    public CheckState With(int? part, CheckedPart found) => this with { Seen = [.. Seen.Select((seen, number) => part is null || number == part ? found : seen)] };
}

/// <summary>What a check saw of a part.</summary>
/// <param name="At">When; null for never.</param>
/// <param name="Problems">Problems that it found.</param>
/// <param name="First">The first of them.</param>
/// <param name="Found">Names of the first twenty: 16 hexadecimal digits each; null for none.</param>
public sealed record CheckedPart(DateTimeOffset? At = null, long Problems = 0, string? First = null, IReadOnlyList<string>? Found = null)
{
    internal static CheckedPart Of(RepositoryChecked found, DateTimeOffset at) => new(
        at, found.ProblemCount, found.Problems.Count > 0 ? found.Problems[0] : null, found.Problems.Count > 0 ? [.. found.Problems.Select(NameOf)] : null);

    internal static string NameOf(string problem) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(problem)))[..16];
}
