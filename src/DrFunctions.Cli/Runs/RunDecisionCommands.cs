using System.CommandLine;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Cli.Runs;

/// <summary><c>dr run retry | skip | undo | force | cancel RUN</c></summary>
internal static class RunDecisionCommands
{
    /// <summary>Creates <c>retry</c>.</summary>
    public static Command Retry(CommandContext context)
    {
        var (id, step, reason) = (Id(), Step(), Reason());
        var changes = new Option<string[]>("--set")
        {
            Description = "A field of the step to change, as the plan writes it, such as timeout=20m; may be repeated.",
            HelpName = "FIELD=VALUE",
            DefaultValueFactory = _ => [],
        };
        return context.AppCommand("retry", "Do the failed step of a paused run again.", [id, step, changes, reason],
            (invocation, cancellationToken) => DecideAsync(
                invocation,
                invocation.Value(id),
                new RunDecisionBody("retry", invocation.Value(step), invocation.Value(reason), Fields(invocation.Value(changes))),
                cancellationToken));
    }

    /// <summary>Creates <c>skip</c>.</summary>
    public static Command Skip(CommandContext context)
    {
        var (id, step, reason) = (Id(), Step(), Reason());
        var fence = new Option<bool>("--override-fence") { Description = "Skip a fence: the old region may go on writing. For approvers." };
        return context.AppCommand("skip", "Go on without the failed step of a paused run.", [id, step, fence, reason],
            (invocation, cancellationToken) => DecideAsync(
                invocation,
                invocation.Value(id),
                new RunDecisionBody("skip", invocation.Value(step), invocation.Value(reason), Overrides: invocation.Value(fence) ? RunCommands.FenceRule : null),
                cancellationToken));
    }

    /// <summary>Creates <c>undo</c>.</summary>
    public static Command Undo(CommandContext context) =>
        OfRun(context, "undo", "Undo what a paused run did, back to the point of no return; the run then waits.");

    /// <summary>Creates <c>force</c>.</summary>
    public static Command Force(CommandContext context) =>
        OfRun(context, "force", "Do the failed steps of a paused run again, and from now on without the old primary's word where a step can.");

    /// <summary>Creates <c>cancel</c>.</summary>
    public static Command Cancel(CommandContext context) =>
        OfRun(context, "cancel", "End a run: what can be undone is undone, and what cannot is named.");

    private static Command OfRun(CommandContext context, string kind, string description)
    {
        var (id, reason) = (Id(), Reason());
        return context.AppCommand(kind, description, [id, reason], (invocation, cancellationToken) => DecideAsync(
            invocation, invocation.Value(id), new RunDecisionBody(kind, null, invocation.Value(reason)), cancellationToken));
    }

    private static async Task<int> DecideAsync(
        CommandInvocation invocation, string runId, RunDecisionBody decision, CancellationToken cancellationToken)
    {
        using var app = invocation.OpenApp();
        var run = await app.DecideRunAsync(runId, decision, cancellationToken);
        if (invocation.Output.IsJson)
        {
            invocation.Output.Document(run);
        }
        else
        {
            invocation.Output.Say($"[green]✓[/] {decision.Kind} recorded; follow the run with: dr run watch {Output.Text(runId)}");
        }

        return ExitCodes.Success;
    }

    private static Dictionary<string, string>? Fields(string[] changes)
    {
        var fields = new Dictionary<string, string>();
        foreach (var change in changes)
        {
            if (change.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var at) || !fields.TryAdd(change[..at], change[(at + 1)..]))
            {
                throw new CliException("BadInput", $"--set {change}: expected FIELD=VALUE, each field once, such as timeout=20m.", "See the step's fields in the plan.");
            }
        }

        return fields.Count == 0 ? null : fields;
    }

    private static Argument<string> Id() => new("RUN") { Description = "A run's id." };

    private static Argument<string> Step() => new("STEP") { Description = "The step's name; dr run show names it." };

    private static Option<string> Reason() => new("--reason") { Description = "Why; stands in the evidence.", HelpName = "TEXT", Required = true };
}
