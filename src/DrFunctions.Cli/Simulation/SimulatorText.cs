using System.Globalization;
using DrFunctions.Cli.Terminal;
using DrFunctions.Simulator;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Requests;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrFunctions.Cli.Simulation;

/// <summary>The simulated cloud as people read it.</summary>
internal static class SimulatorText
{
    /// <summary>What points the function app at the simulator. A token of the scenario is not repeated.</summary>
    public static IReadOnlyDictionary<string, string> Settings(Scenario scenario, SimulatorState state) => new Dictionary<string, string>
    {
        ["Dr__ResourceManager"] = state.ResourceManager.ToString(),
        ["Dr__ResourceManagerThumbprint"] = state.CertificateThumbprint,
        ["Dr__ResourceManagerToken"] = scenario.BearerToken is null ? "any" : "(bearerToken of the scenario)",
        ["Dr__Resolvers"] = state.Dns,
    };

    /// <summary>Writes where everything is and how to go on.</summary>
    public static void ShowStart(Scenario scenario, SimulatorState state, Uri control, Output output)
    {
        output.Say($"  Resource Manager  {state.ResourceManager} (certificate SHA-256 {state.CertificateThumbprint})");
        output.Say($"  DNS               {state.Dns} (UDP and TCP)");
        foreach (var region in state.Regions)
        {
            output.Say($"  web               http://{region.Address}:{state.WebPort}/ ({Output.Text(region.Name)})");
        }

        output.Say($"  control           {control}");
        output.Say("");
        foreach (var (name, value) in Settings(scenario, state))
        {
            output.Say(Output.Text($"  export {name}='{value}'"));
        }

        output.Say("");
        var (address, port) = (state.Dns.Split(':')[0], state.Dns.Split(':')[1]);
        output.Say(Output.Text($"  Try: dig @{address} -p {port} {state.Profiles.Select(profile => profile.Fqdn).FirstOrDefault() ?? "name"}; dr sim state; dr sim set region {state.Regions[0].Name} dark"));
        output.Say("");
    }

    /// <summary>The state as tables.</summary>
    public static IEnumerable<IRenderable> Tables(SimulatorState state)
    {
        var regions = new Listing("region", "address", "state", "web apps");
        foreach (var region in state.Regions)
        {
            regions.AddRow(Output.Text(region.Name), region.Address, region.Dark ? "[red]dark[/]" : "[green]lit[/]",
                string.Join(", ", state.Sites.Where(site => Is(site.Region, region.Name)).Select(site => $"{Output.Text(site.Name)} {Words(site.State)}")));
        }

        yield return regions;
        var endpoints = new Listing("profile", "endpoint", "target", "state", "probes", "last probe");
        foreach (var profile in state.Profiles)
        {
            endpoints.AddRow(Output.Text($"{profile.Fqdn} ({profile.RoutingMethod})"), "", "", Words(profile.MonitorStatus), "", "");
            foreach (var endpoint in profile.Endpoints)
            {
                endpoints.AddRow("", Output.Text(endpoint.Name), Output.Text(endpoint.Target), Words(endpoint.MonitorStatus),
                    endpoint.Probes.ToString(CultureInfo.InvariantCulture), Output.Text(endpoint.LastProbe ?? "-"));
            }
        }

        yield return endpoints;
        if (state.Faults.Count > 0 || state.ResourceManagerDark)
        {
            yield return Faults(state.Faults);
        }
    }

    /// <summary>The faults as a table.</summary>
    public static Listing Faults(IReadOnlyList<FaultState> faults)
    {
        var table = new Listing("fault", "on", "kind", "state", "hits", "from", "until");
        foreach (var fault in faults)
        {
            table.AddRow(Output.Text(fault.Id), Output.Text($"{fault.Fault.On} {fault.Fault.Name}".Trim()), fault.Fault.Kind.ToString(), Words(fault.Status.ToString()),
                fault.Hits.ToString(CultureInfo.InvariantCulture), Output.Time(fault.From), Output.Time(fault.Until));
        }

        return table;
    }

    /// <summary>One request as a line.</summary>
    public static string Line(LoggedRequest request) => string.Join(' ', new[]
    {
        request.Time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
        request.Wire,
        request.Method,
        request.Host + request.Path,
        request.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer",
        request.Answer,
        request.Fault is null ? null : $"(fault {request.Fault})",
        request.Duration >= TimeSpan.FromMilliseconds(100) ? Quantities.Duration(request.Duration) : null,
    }.Where(part => !string.IsNullOrEmpty(part)));

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Words(string state) => state switch
    {
        "Online" or "Running" => $"[green]{state}[/]",
        "Degraded" or "Active" or "Dark" => $"[red]{state}[/]",
        "Stopped" or "Disabled" or "Inactive" or "Over" or "UsedUp" => $"[dim]{state}[/]",
        _ => $"[yellow]{Output.Text(state)}[/]",
    };
}
