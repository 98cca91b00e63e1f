using System.CommandLine;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Simulator;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Cli.Simulation;

/// <summary><c>dr sim start</c></summary>
internal static class SimStartCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var scenario = new Option<string?>("--scenario") { Description = "The cloud to simulate, JSON (default two regions with a web app each).", HelpName = "FILE" };
        var faults = new Option<string?>("--faults") { Description = "A fault script, JSON.", HelpName = "FILE" };
        var seed = new Option<long?>("--seed") { Description = "What ids and weighted choices come from (default the scenario's).", HelpName = "NUMBER" };
        var portBase = new Option<int>("--port-base")
        {
            Description = "Where the ports are counted from; 0 takes free ones.",
            HelpName = "PORT",
            DefaultValueFactory = _ => LocalPorts.DefaultBase,
        };
        return context.Command("start", "Start a simulated cloud and show it until Ctrl+C.", [scenario, faults, seed, portBase],
            (invocation, cancellationToken) => StartAsync(
                invocation,
                Options(invocation.Value(scenario), invocation.Value(faults), invocation.Value(portBase)) with { Seed = invocation.Value(seed), TimeProvider = invocation.Time },
                cancellationToken));
    }

    private static SimulatorOptions Options(string? scenario, string? faults, int portBase)
    {
        if (portBase != 0 && portBase is < 1024 or > 65000)
        {
            throw new CliException("BadInput", $"--port-base is {portBase}; expected 0 or 1024 to 65000.", "Choose another base, such as 17000.");
        }

        var ports = new LocalPorts(portBase);
        var options = new SimulatorOptions
        {
            Scenario = scenario is null ? SampleScenario.Read() : SimulatorFiles.ReadScenario(scenario),
            Faults = faults is null ? [] : SimulatorFiles.ReadFaults(faults).Faults,
        };
        return portBase == 0 ? options : options with
        {
            ResourceManagerPort = ports.ResourceManager,
            DnsPort = ports.Dns,
            WebPort = ports.Web,
            ControlPort = ports.SimulatorControl,
        };
    }

    private static async Task<int> StartAsync(CommandInvocation invocation, SimulatorOptions options, CancellationToken cancellationToken)
    {
        using var taken = invocation.State.Take();
        await using var simulator = await StartAsync(options, cancellationToken);
        new SimulatorDescriptor(1, Environment.ProcessId, simulator.Control).Write(invocation.State.Simulator);
        try
        {
            using var client = new SimulatorClient(simulator.Control);
            var state = await client.GetStateAsync(cancellationToken);
            if (invocation.Output.IsJson)
            {
                invocation.Output.Line(new { @event = "started", settings = SimulatorText.Settings(options.Scenario, state), state });
            }
            else
            {
                SimulatorText.ShowStart(options.Scenario, state, simulator.Control, invocation.Output);
            }

            await FollowAsync(invocation, client, cancellationToken);
            return ExitCodes.Success;
        }
        finally
        {
            File.Delete(invocation.State.Simulator);
        }
    }

    private static Task FollowAsync(CommandInvocation invocation, SimulatorClient client, CancellationToken cancellationToken) =>
        invocation.Output is { IsInteractive: true, IsJson: false }
            ? LiveTable.ShowAsync(invocation.Output, client, invocation.Time, cancellationToken)
            : EventLines.ShowAsync(invocation.Output, client, invocation.Time, cancellationToken);

    private static async Task<AzureSimulator> StartAsync(SimulatorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await AzureSimulator.StartAsync(options, cancellationToken);
        }
        catch (SimulatorStartException failure)
        {
            throw new CliException("PortInUse", failure.Message, "Choose other ports with --port-base, or 0 for free ones.", failure);
        }
        catch (FaultException failure)
        {
            throw new CliException("BadInput", "The fault script does not fit the scenario.", "Correct the one or the other.", failure)
            {
                Details = [.. failure.Mistakes.Select(mistake => mistake.ToString())],
            };
        }
    }
}
