using System.CommandLine;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Reports;

/// <summary><c>dr report verify FILE|RUN</c></summary>
internal static class ReportVerifyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var target = new Argument<string>("FILE|RUN") { Description = "Evidence that was exported, which needs no app; or a run's id." };
        var anchor = new Option<string?>("--anchor") { Description = "The last hash as somebody kept it: 64 hexadecimal digits.", HelpName = "HASH" };
        return context.AppCommand("verify", "Check a run's evidence: its hash chain, and what each region holds of it.", [target, anchor],
            async (invocation, cancellationToken) =>
            {
                var name = invocation.Value(target);
                var kept = invocation.Value(anchor)?.Trim().ToLowerInvariant();
                if (kept is not null && (kept.Length != 64 || !kept.All(char.IsAsciiHexDigitLower)))
                {
                    throw new CliException("BadInput", $"--anchor: '{kept}', expected 64 hexadecimal digits.", "Take it from the report, section Evidence.");
                }

                var isFile = File.Exists(name);
                if (!isFile && (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)))
                {
                    throw new CliException("BadInput", $"There is no file {name}.", "Write one with dr report export RUN --out FILE.");
                }

                var source = isFile ? name : $"The evidence of run {name}";
                var evidence = isFile ? await EvidenceFile.ReadAsync(name, cancellationToken) : await FetchAsync(invocation, name, cancellationToken);
                var found = EvidenceFile.Verify(evidence, source, kept);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new VerifiedView(evidence.RunId, evidence.Entries.Count, true, found.Anchored, found.Notes));
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] the evidence of run {Output.Text(evidence.RunId)} is intact: {Output.Text(found.Detail)}.");
                    invocation.Output.Say(found.Anchored.Count > 0
                        ? $"  its last hash is anchored: {Output.Text(string.Join(", ", found.Anchored))}"
                        : "  [yellow]its last hash is anchored nowhere: a chain replaced as a whole would not be seen[/]");
                    foreach (var note in found.Notes)
                    {
                        invocation.Output.Say($"  [yellow]{Output.Text(note)}[/]");
                    }
                }

                return ExitCodes.Success;
            });
    }

    private static async Task<Recovery.Evidence.RunEvidence> FetchAsync(CommandInvocation invocation, string runId, CancellationToken cancellationToken)
    {
        using var app = invocation.OpenApp();
        return EvidenceFile.Parse(await app.ReadEvidenceAsync(runId, cancellationToken), $"What the app sent of run {runId}");
    }

    private sealed record VerifiedView(string RunId, int Entries, bool Intact, IReadOnlyList<string> Anchored, IReadOnlyList<string> Notes);
}
