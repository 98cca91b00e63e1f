using System.CommandLine;

namespace DrFunctions.Cli.Runs;

/// <summary><c>dr run show RUN</c></summary>
internal static class RunShowCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("RUN") { Description = "A run's id." };
        return context.AppCommand("show", "Show a run with its steps.", [id], async (invocation, cancellationToken) =>
        {
            using var app = invocation.OpenApp();
            var run = await app.ReadRunAsync(invocation.Value(id), cancellationToken);
            if (invocation.Output.IsJson)
            {
                invocation.Output.Document(run);
            }
            else
            {
                RunText.Show(run, invocation.Output);
            }

            return ExitCodes.Success;
        });
    }
}
