using System.Globalization;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Incidents;

/// <summary>Incidents of signals that nobody could understand, as a list.</summary>
internal static class UnreadableText
{
    /// <summary>Writes them.</summary>
    public static int Write(Output output, UnreadableList list)
    {
        if (output.IsJson)
        {
            output.Document(list);
            return ExitCodes.Success;
        }

        if (list.Unreadable.Count == 0)
        {
            output.Say("No unreadable signals.");
            return ExitCodes.Success;
        }

        var table = new Listing("incident", "state", "opened", "newest", "signals", "why", "seen to by");
        foreach (var incident in list.Unreadable)
        {
            table.AddRow(
                Output.Text(incident.Id),
                incident.IsOpen ? "[yellow]open[/]" : "closed",
                Output.Time(incident.OpenedAt),
                Output.Time(incident.LastAt),
                incident.Count.ToString(CultureInfo.InvariantCulture),
                Output.Text(string.Join("; ", incident.Reasons)),
                incident.AcknowledgedBy is { } by ? Output.Text($"{by.Name}: {incident.Note}") : "-");
        }

        output.Say(table);
        return ExitCodes.Success;
    }
}
