using System.CommandLine;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Reports;

/// <summary><c>dr report show RUN</c></summary>
internal static class ReportShowCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("RUN") { Description = "A run's id." };
        var html = new Option<string?>("--html") { Description = "Write it to a file as one HTML page instead, to be kept or printed.", HelpName = "FILE" };
        return context.AppCommand("show", "Write a run's report, Markdown.", [id, html], async (invocation, cancellationToken) =>
        {
            using var app = invocation.OpenApp();
            var runId = invocation.Value(id);
            if (invocation.Value(html) is { } path)
            {
                await File.WriteAllTextAsync(path, await app.ReadReportAsync(runId, "html", cancellationToken), cancellationToken);
                invocation.Output.Say($"[green]✓[/] {Output.Text(path)}");
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new { runId, file = path });
                }

                return ExitCodes.Success;
            }

            var markdown = await app.ReadReportAsync(runId, "markdown", cancellationToken);
            if (invocation.Output.IsJson)
            {
                invocation.Output.Document(new { runId, markdown });
            }
            else
            {
                invocation.Output.Raw(markdown);
            }

            return ExitCodes.Success;
        });
    }
}
