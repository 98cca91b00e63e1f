using System.CommandLine;

namespace DrFunctions.Cli.Runs;

/// <summary><c>dr run report RUN</c></summary>
internal static class RunReportCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("RUN") { Description = "A run's id." };
        return context.AppCommand("report", "Write a run's report, Markdown.", [id], async (invocation, cancellationToken) =>
        {
            using var app = invocation.OpenApp();
            var runId = invocation.Value(id);
            var markdown = await app.ReadReportAsync(runId, cancellationToken);
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
