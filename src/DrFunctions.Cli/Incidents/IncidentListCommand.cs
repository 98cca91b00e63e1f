using System.CommandLine;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Incidents;

namespace DrFunctions.Cli.Incidents;

/// <summary><c>dr incident list [WORKLOAD]</c></summary>
internal static class IncidentListCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var workload = new Argument<string?>("WORKLOAD")
        {
            Description = "A workload's name; without one, the signals that nobody could understand are listed.",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => null,
        };
        return context.AppCommand("list", "List a workload's incidents with what was decided and why, or the unreadable signals.", [workload],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                if (invocation.Value(workload) is not { } name)
                {
                    return UnreadableText.Write(invocation.Output, await app.ListUnreadableAsync(cancellationToken));
                }

                var list = await app.ListIncidentsAsync(name, cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(list);
                    return ExitCodes.Success;
                }

                if (list.Incidents.Count == 0)
                {
                    invocation.Output.Say("No incidents.");
                    return ExitCodes.Success;
                }

                var table = new Listing("incident", "state", "opened", "verdict", "run", "why");
                foreach (var incident in list.Incidents)
                {
                    table.AddRow(
                        Output.Text(incident.Id), Words.Of(incident.State), Output.Time(incident.OpenedAt),
                        incident.Verdict is { } verdict ? Words.Of(verdict.Decision) : "-", Output.Text(incident.RunId ?? "-"), Output.Text(Why(incident)));
                }

                invocation.Output.Say(table);
                StandingText.Write(invocation.Output, list.Standing);
                return ExitCodes.Success;
            });
    }

    /// <summary>Why an incident stands where it stands.</summary>
    public static string Why(IncidentRecord incident) =>
        incident.Outcome ?? (incident.Verdict is { Reason.Length: > 0 } verdict ? verdict.Reason : "");
}
