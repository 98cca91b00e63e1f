using DrFunctions.Cli.Reports;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>What remains of the run: hash-chained JSON, and a report for people as Markdown and as a page.</summary>
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
        foreach (var (format, path) in new[] { ("markdown", report), ("html", Path.ChangeExtension(report, ".html")) })
        {
            var text = await scene.Polling.UntilAsync(
                "the report", Patience, token => scene.App.ReadReportAsync(runId, format, token), _ => true, cancellationToken);
            await File.WriteAllTextAsync(path, text, cancellationToken);
        }

        scene.Evidence = directory;
        var check = EvidenceFile.Verify(EvidenceFile.Parse(evidence, json), json);
        scene.Say($"{Output.Text(json)}: intact, {Output.Text(check.Detail)}");
        scene.Say(Output.Text(report));
    }
}
