using System.CommandLine;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Reports;

/// <summary><c>dr report export RUN</c></summary>
internal static class ReportExportCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("RUN") { Description = "A run's id." };
        var file = new Option<string?>("--out") { Description = "Write it to a file; check that with dr report verify FILE.", HelpName = "FILE" };
        return context.AppCommand("export", "Write a run's evidence: its hash-chained journal and what each region holds of it, JSON.", [id, file],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var evidence = await app.ReadEvidenceAsync(invocation.Value(id), cancellationToken);
                if (invocation.Value(file) is { } path)
                {
                    await File.WriteAllTextAsync(path, evidence, cancellationToken);
                    invocation.Output.Say($"[green]✓[/] {Output.Text(path)}");
                    if (invocation.Output.IsJson)
                    {
                        invocation.Output.Document(new { runId = invocation.Value(id), file = path });
                    }
                }
                else
                {
                    invocation.Output.Raw(evidence);
                }

                return ExitCodes.Success;
            });
    }
}
