using System.CommandLine;
using DrFunctions.Cli.Terminal;
using Spectre.Console;

namespace DrFunctions.Cli.Signals;

/// <summary><c>dr signal list</c></summary>
internal static class SignalListCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var workload = new Option<string?>("--workload") { Description = "Only this workload's.", HelpName = "NAME" };
        return context.AppCommand("list", "List alerts as they arrived, ignored ones with the reason.", [workload],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var list = await app.ListSignalsAsync(invocation.Value(workload), cancellationToken);
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

                var table = Output.TableOf("received", "type", "workload", "disposition", "reason");
                foreach (var signal in list.Signals)
                {
                    table.AddRow(
                        Output.Time(signal.ReceivedAt), Output.Text(signal.EventType), Output.Text(signal.Workload ?? "-"),
                        Output.Text(signal.Disposition), Output.Text(signal.Reason));
                }

                invocation.Output.Say(table);
                return ExitCodes.Success;
            });
    }
}
