using DrFunctions.Cli.Runs;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>What was restored, held against what was there.</summary>
internal static class ComparisonStep
{
    private const int FetchedByUsers = 3;

    /// <summary>Compares every file in storage, and fetches some as a user would: by name, DNS and the region's web endpoint.</summary>
    public static async Task PlayAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        var plan = scene.Environment.Plan;
        var container = scene.Environment.Secondary.Container(plan.Containers.First().Secondary.Container);
        var comparison = await DataComparison.CompareAsync(scene.Data, container, scene.Output, scene.Time, cancellationToken);
        scene.Comparison = comparison;
        if (comparison.Differences.Count > 0)
        {
            throw new CliException("NotVerified",
                $"{comparison.Differences.Count} of {scene.Data.Files.Count} files differ from the originals.",
                $"Read dr report show {scene.Run?.RunId}, then check the backups: dr backup check.")
            {
                Details = [.. comparison.Differences.Take(20)],
            };
        }

        scene.Say($"{comparison.Files} of {scene.Data.Files.Count} files, {Quantities.Bytes(comparison.Bytes)}: identical");
        using var users = new OutsideFetch(scene.Environment.Simulator.Dns);
        foreach (var file in Choose(scene.Data.Files))
        {
            var fetched = await users.FetchAsync(FileUrl(plan.Traffic.Check, file.Name), cancellationToken);
            if (fetched.Sha256 != file.Sha256)
            {
                throw new CliException("NotVerified",
                    $"{file.Name}, fetched from {fetched.CanonicalName} at {fetched.Address}, is not the original: {fetched.Status}, SHA-256 {fetched.Sha256}.",
                    "Look at the region's web app and its container.");
            }

            scene.Say($"{Output.Text(plan.Traffic.Check.Host)} → {Output.Text(fetched.CanonicalName)} → {fetched.Address}: {Output.Text(file.Name)} {Quantities.Bytes(file.Length)}, identical");
        }

        if (scene.Run is { } run)
        {
            RunText.ShowAttained(run, scene.Output);
        }
    }

    private static IEnumerable<DataFile> Choose(IReadOnlyList<DataFile> files) =>
        files.Where(file => file.Length > 0).OrderBy(file => file.Length).Take(FetchedByUsers - 1).Append(files.MaxBy(file => file.Length)!).Distinct(); // never empty

    private static Uri FileUrl(Uri check, string name) =>
        new(check, "/files/" + string.Join('/', name.Split('/').Select(Uri.EscapeDataString)));
}
