using System.CommandLine;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Evidence;

/// <summary><c>dr verify FILE</c></summary>
internal static class VerifyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "Evidence of a run, JSON." };
        return context.Command("verify", "Check the hash chain of a run's evidence.", [file], async (invocation, cancellationToken) =>
        {
            var path = invocation.Value(file);
            if (!File.Exists(path))
            {
                throw new CliException("BadInput", $"There is no file {path}.", "Write one with dr run evidence RUN --out FILE.");
            }

            var (evidence, check) = EvidenceFile.Verify(await File.ReadAllTextAsync(path, cancellationToken), path);
            if (invocation.Output.IsJson)
            {
                invocation.Output.Document(new { runId = evidence.RunId, entries = evidence.Entries.Count, intact = true });
            }
            else
            {
                invocation.Output.Say($"[green]✓[/] the evidence of run {Output.Text(evidence.RunId)} is intact: {Output.Text(check.Detail)}.");
            }

            return ExitCodes.Success;
        });
    }
}
