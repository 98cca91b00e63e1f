using DrFunctions.Cli.Terminal;
using DrFunctions.Simulator.Control;

namespace DrFunctions.Cli.Simulation;

/// <summary>Requests and changes of the simulated cloud as lines, one JSON document each for programs, until Ctrl+C.</summary>
internal static class EventLines
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static async Task ShowAsync(Output output, SimulatorClient client, TimeProvider time, CancellationToken cancellationToken)
    {
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        long after = 0;
        try
        {
            while (true)
            {
                var page = await client.GetRequestsAsync(new() { Probe = false, After = after }, cancellationToken);
                after = page.Next;
                foreach (var request in page.Requests)
                {
                    Say(output, SimulatorText.Line(request), new { @event = "request", request });
                }

                foreach (var (name, state) in Changes(await client.GetStateAsync(cancellationToken)).Where(each => last.GetValueOrDefault(each.Name) != each.State))
                {
                    last[name] = state;
                    Say(output, $"{name} is {state}", new { @event = "state", name, state });
                }

                await Task.Delay(Pace, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // asked for, and so a success
        }
    }

    private static IEnumerable<(string Name, string State)> Changes(SimulatorState state) =>
    [
        ("Resource Manager", state.ResourceManagerDark ? "dark" : "lit"),
        .. state.Regions.Select(region => ($"region {region.Name}", region.Dark ? "dark" : "lit")),
        .. state.Sites.Select(site => ($"site {site.Name}", site.State)),
        .. state.Profiles.SelectMany(profile => profile.Endpoints.Select(endpoint => ($"endpoint {profile.Name}/{endpoint.Name}", endpoint.MonitorStatus))),
        .. state.Faults.Select(fault => ($"fault {fault.Id}", $"{fault.Status}, {fault.Hits} hits")),
    ];

    private static void Say(Output output, string line, object document)
    {
        if (output.IsJson)
        {
            output.Line(document);
        }
        else
        {
            output.Say(Output.Text(line));
        }
    }
}
