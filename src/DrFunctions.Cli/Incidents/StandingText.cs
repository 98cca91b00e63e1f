using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Signals;

namespace DrFunctions.Cli.Incidents;

/// <summary>The alerts of a workload that count without coming again.</summary>
internal static class StandingText
{
    /// <summary>Writes a line for each; nothing when there is none, also in the answer of an app that does not know them.</summary>
    public static void Write(Output output, IReadOnlyList<AlertState>? standing)
    {
        foreach (var alert in standing ?? [])
        {
            output.Say($"[yellow]stands[/] since {Output.Time(alert.At)}: {Output.Text(alert.Title)}");
        }
    }
}
