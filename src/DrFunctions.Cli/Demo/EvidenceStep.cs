using DrFunctions.Cli.Evidence;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>What remains of the run: hash-chained JSON and a report for people.</summary>
internal static class EvidenceStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Writes both and checks the chain.</summary>
    public static async Task PlayAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        var runId = scene.Run?.RunId ?? throw new InvalidOperationException("No run was followed before its evidence was asked for.");
        var directory = Path.Combine(scene.EvidenceDirectory, runId);
        Directory.CreateDirectory(directory);
        var json = Path.Combine(directory, "evidence.json");
        var report = Path.Combine(directory, "report.md");
        var evidence = await scene.Polling.UntilAsync(
            "the evidence", Patience, token => scene.App.ReadEvidenceAsync(runId, token), _ => true, cancellationToken);
        await File.WriteAllTextAsync(json, evidence, cancellationToken);
        await File.WriteAllTextAsync(
            report,
            await scene.Polling.UntilAsync("the report", Patience, token => scene.App.ReadReportAsync(runId, token), _ => true, cancellationToken),
            cancellationToken);
        scene.Evidence = directory;
        var (_, check) = EvidenceFile.Verify(evidence, json);
        scene.Say($"{Output.Text(json)}: intact, {Output.Text(check.Detail)}");
        scene.Say(Output.Text(report));
    }
}
