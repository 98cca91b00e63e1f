using DrFunctions.Simulator.Faults;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Simulator;

/// <summary>What <see cref="AzureSimulator.StartAsync"/> needs: the scenario, the ports and the clock.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The cloud to bring up.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>TCP port of the Resource Manager endpoint on 127.0.0.1; 0, the default, takes a free one.</summary>
    public int ResourceManagerPort { get; init; }

    /// <summary>UDP and TCP port of the DNS responder on 127.0.0.1; 0, the default, takes a free one.</summary>
    public int DnsPort { get; init; }

    /// <summary>TCP port that every region's web endpoints share, each region on its own address; 0, the default, takes a free one.</summary>
    public int WebPort { get; init; }

    /// <summary>TCP port of the control API on 127.0.0.1; 0, the default, takes a free one.</summary>
    public int ControlPort { get; init; }

    /// <summary>Replaces <see cref="Scenario.Seed"/>; absent, the scenario's holds.</summary>
    public long? Seed { get; init; }

    /// <summary>The fault script: its times count from the start, and from every reset. Default none.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>The clock that drives probes, delays and time stamps; default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the simulator logs; default nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
