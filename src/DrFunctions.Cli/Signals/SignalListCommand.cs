using System.CommandLine;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Signals;

/// <summary><c>dr signal list</c></summary>
internal static class SignalListCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var workload = new Option<string?>("--workload") { Description = "Only this workload's.", HelpName = "NAME" };
        var limit = new Option<int>("--limit") { Description = "How many, 1 to 1000 (default 100).", HelpName = "N", DefaultValueFactory = _ => 100 };
        var after = new Option<string?>("--after") { Description = "Go on behind the page that ended with this.", HelpName = "NEXT" };
        return context.AppCommand("list", "List alerts as they arrived, newest first, ignored ones with the reason; those that stand count for the next incident.", [workload, limit, after],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var list = await app.ListSignalsAsync(
                    invocation.Value(workload), invocation.Value(limit), invocation.Value(after), cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(list);
                    return ExitCodes.Success;
                }

                if (list.Signals.Count == 0)
                {
                    invocation.Output.Say("No signals.");
                    return ExitCodes.Success;
                }

                var table = new Listing("received", "type", "workload", "disposition", "stands", "reason");
                foreach (var signal in list.Signals)
                {
                    table.AddRow(
                        Output.Time(signal.ReceivedAt), Output.Text(signal.EventType), Output.Text(signal.Workload ?? "-"),
                        Output.Text(signal.Disposition), signal.Stands ? "[yellow]yes[/]" : "-", Output.Text(signal.Reason));
                }

                invocation.Output.Say(table);
                if (list.Next is { } next)
                {
                    invocation.Output.Say($"There are more: --after {Output.Text(next)}");
                }

                return ExitCodes.Success;
            });
    }
}
