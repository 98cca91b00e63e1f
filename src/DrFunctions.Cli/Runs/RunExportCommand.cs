using System.CommandLine;
using DrFunctions.Cli.Plans;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Cli.Runs;

/// <summary><c>dr run export RUN</c>, <c>dr run export RUNBOOK --plan FILE</c></summary>
internal static class RunExportCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var target = new Argument<string>("RUN") { Description = "A run's id; with --plan the name of a runbook." };
        var file = new Option<string?>("--plan") { Description = "A plan, YAML: works when the app does not answer.", HelpName = "FILE" };
        return context.AppCommand("export", "Print the steps that remain as az commands, for the day when nothing else works.", [target, file],
            async (invocation, cancellationToken) =>
            {
                var name = invocation.Value(target);
                var text = invocation.Value(file) is { } path
                    ? OfPlan(await PlanFile.ReadAsync(path, cancellationToken), name)
                    : await OfRunAsync(invocation, name, cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new { target = name, commands = text });
                }
                else
                {
                    invocation.Output.Raw(text);
                }

                return ExitCodes.Success;
            });
    }

    private static string OfPlan(PlanFile file, string name) => file.Plan.Runbooks.TryGetValue(name, out var runbook)
        ? ManualSteps.Of(file.Plan, runbook, null)
        : throw new CliException(
            "NotFound",
            $"{file.Path} has no runbook '{name}'; it has {string.Join(", ", file.Plan.Runbooks.Keys.Order(StringComparer.Ordinal).Select(one => $"'{one}'"))}.",
            "Name one of them.");

    private static async Task<string> OfRunAsync(CommandInvocation invocation, string runId, CancellationToken cancellationToken)
    {
        using var app = invocation.OpenApp();
        try
        {
            return await app.ReadCommandsAsync(runId, cancellationToken);
        }
        catch (CliException failure) when (failure.IsTransient)
        {
            throw new CliException(failure.Code, failure.Message, "Print a whole runbook without the app: dr run export RUNBOOK --plan FILE.", failure);
        }
    }
}
