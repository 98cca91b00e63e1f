using System.CommandLine;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Approvals;

/// <summary><c>dr approvals</c>, <c>dr approve RUN</c>, <c>dr decline RUN</c></summary>
internal static class ApprovalCommands
{
    /// <summary><c>dr approvals</c></summary>
    public static Command List(CommandContext context) =>
        context.AppCommand("approvals", "List what waits for whose approval.", [], async (invocation, cancellationToken) =>
        {
            using var app = invocation.OpenApp();
            var list = await app.ListApprovalsAsync(cancellationToken);
            if (invocation.Output.IsJson)
            {
                invocation.Output.Document(list);
                return ExitCodes.Success;
            }

            if (list.Approvals.Count == 0)
            {
                invocation.Output.Say("Nothing waits for an approval.");
                return ExitCodes.Success;
            }

            var table = new Listing("run", "step", "what", "started by", "missing", "of", "until", "you");
            foreach (var approval in list.Approvals)
            {
                table.AddRow(
                    Output.Text(approval.RunId), Output.Text(approval.Step), Output.Text(approval.Question), Output.Text(approval.StartedBy),
                    $"{approval.Missing} of {approval.Required}",
                    Output.Text(approval.Approvers is { } names ? string.Join(", ", names) : "every approver"),
                    Output.Time(approval.ExpiresAt), Output.Text(approval.NotYours ?? "may decide"));
            }

            invocation.Output.Say(table);
            return ExitCodes.Success;
        });

    /// <summary><c>dr approve RUN</c></summary>
    public static Command Approve(CommandContext context) => Decide(context, "approve", "Approve what a run waits for.");

    /// <summary><c>dr decline RUN</c></summary>
    public static Command Decline(CommandContext context) => Decide(context, "decline", "Decline what a run waits for. It cannot be taken back.");

    private static Command Decide(CommandContext context, string decision, string description)
    {
        var id = new Argument<string>("RUN") { Description = "A run's id." };
        var step = new Option<string?>("--step") { Description = "The step that waits; needed where several do.", HelpName = "NAME" };
        var reason = new Option<string>("--reason") { Description = "Why; stands in the record.", HelpName = "TEXT", Required = true };
        return context.AppCommand(decision, description, [id, step, reason], async (invocation, cancellationToken) =>
        {
            using var app = invocation.OpenApp();
            var decided = await app.DecideAsync(
                invocation.Value(id), new ApprovalDecision(decision, invocation.Value(reason), invocation.Value(step)), cancellationToken);
            if (invocation.Output.IsJson)
            {
                invocation.Output.Document(decided);
                return ExitCodes.Success;
            }

            var approval = decided.Approval;
            var then = approval.Outcome switch
            {
                "approved" => "the run goes on.",
                "declined" => "the run stops here.",
                "expired" => "the time is over.",
                _ => $"{approval.Missing} of {approval.Required} approvals are missing, until {Output.Time(approval.ExpiresAt)}.",
            };
            invocation.Output.Say(
                $"[green]✓[/] {Output.Text($"{(decision == "approve" ? "approved" : "declined")} by {decided.By} at ")}{Output.Time(decided.At)}: {Output.Text(approval.Question)}; {then}");
            return ExitCodes.Success;
        });
    }
}
