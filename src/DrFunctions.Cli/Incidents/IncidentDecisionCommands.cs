using System.CommandLine;
using DrFunctions.Cli.Api;

namespace DrFunctions.Cli.Incidents;

/// <summary><c>dr incident approve|decline|override WORKLOAD INCIDENT</c> , <c>dr incident ack WORKLOAD</c> and <c>dr incident seen INCIDENT</c></summary>
internal static class IncidentDecisionCommands
{
    /// <summary>Approves the run that the incident would start.</summary>
    public static Command Approve(CommandContext context) =>
        Decide(context, "approve", "Approve the run that an open incident would start.", "approved");

    /// <summary>Declines it.</summary>
    public static Command Decline(CommandContext context) =>
        Decide(context, "decline", "Decline the run that an open incident would start.", "declined");

    /// <summary>Overrides one rule.</summary>
    public static Command Override(CommandContext context)
    {
        var rule = new Option<string>("--rule") { Description = "The rule, by the name that 'dr verdict' shows.", HelpName = "RULE", Required = true };
        return Decide(context, "override", "Let an open incident start its run although a rule says no.", "overridden", rule);
    }

    /// <summary>Acknowledges the last run.</summary>
    public static Command Acknowledge(CommandContext context)
    {
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        var reason = Reason();
        return context.AppCommand("ack", "Acknowledge the last run, so that the next may start before the cooldown is over.", [workload, reason],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                await app.AcknowledgeAsync(invocation.Value(workload), new Opinion(invocation.Value(reason)), cancellationToken);
                return Done(invocation, "acknowledged", "acknowledged; it counts at the next look");
            });
    }

    /// <summary>Closes an incident of unreadable signals.</summary>
    public static Command Seen(CommandContext context)
    {
        var incident = new Argument<string>("INCIDENT") { Description = "The id of an incident of unreadable signals." };
        var reason = Reason();
        return context.AppCommand("seen", "Say that the unreadable signals of an incident were seen to. The next one opens another.", [incident, reason],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                await app.AcknowledgeUnreadableAsync(invocation.Value(incident), new Opinion(invocation.Value(reason)), cancellationToken);
                return Done(invocation, "acknowledged", "acknowledged");
            });
    }

    private static Command Decide(CommandContext context, string name, string description, string done, Option<string>? rule = null)
    {
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        var incident = new Argument<string>("INCIDENT") { Description = "The open incident's id." };
        var reason = Reason();
        Symbol[] symbols = rule is null ? [workload, incident, reason] : [workload, incident, rule, reason];
        return context.AppCommand(name, description, symbols,
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var opinion = new Opinion(invocation.Value(reason), rule is null ? null : invocation.Value(rule));
                await app.DecideAsync(invocation.Value(workload), invocation.Value(incident), name, opinion, cancellationToken);
                return Done(invocation, done, $"{done}; it counts at the next look");
            });
    }

    private static Option<string> Reason() =>
        new("--reason") { Description = "Why; it is recorded with your name.", HelpName = "TEXT", Required = true };

    private static int Done(CommandInvocation invocation, string done, string words)
    {
        if (invocation.Output.IsJson)
        {
            invocation.Output.Document(new { recorded = done });
        }
        else
        {
            invocation.Output.Say($"[green]✓[/] {words}");
        }

        return ExitCodes.Success;
    }
}
