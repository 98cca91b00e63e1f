using DrFunctions.Cli.Terminal;
using DrFunctions.Simulator.Control;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrFunctions.Cli.Simulation;

/// <summary>The simulated cloud on a terminal, rewritten in place until Ctrl+C.</summary>
internal static class LiveTable
{
    private const int LastRequests = 8;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    public static Task ShowAsync(Output output, SimulatorClient client, TimeProvider time, CancellationToken cancellationToken) =>
        output.LiveAsync(async show =>
        {
            try
            {
                while (true)
                {
                    show(await DrawAsync(client, cancellationToken));
                    await Task.Delay(Pace, time, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // asked for, and so a success
            }
        });

    private static async Task<IRenderable> DrawAsync(SimulatorClient client, CancellationToken cancellationToken)
    {
        var state = await client.GetStateAsync(cancellationToken);
        var page = await client.GetRequestsAsync(new() { Probe = false }, cancellationToken);
        var lines = page.Requests.TakeLast(LastRequests).Select(request => new Markup(Output.Text(SimulatorText.Line(request)))).ToList();
        return new Rows([.. SimulatorText.Tables(state), .. lines, new Markup($"[dim]{Output.Time(state.Now)}, seed {state.Seed}, {state.Requests.Kept} requests logged. Ctrl+C stops it.[/]")]);
    }
}
