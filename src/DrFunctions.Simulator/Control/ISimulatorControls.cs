using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Requests;

namespace DrFunctions.Simulator.Control;

/// <summary>What the control API can do.</summary>
internal interface ISimulatorControls
{
    SimulatorState State { get; }

    IReadOnlyList<FaultState> Faults { get; }

    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    Task<RequestPage> ReadRequestsAsync(RequestFilter filter, int count, CancellationToken cancellationToken);

    /// <exception cref="ArgumentException">There is no such region.</exception>
    Task SetRegionDarkAsync(string region, bool dark, CancellationToken cancellationToken);

    void SetResourceManagerDark(bool dark);

    /// <exception cref="ArgumentException">There is no such web app.</exception>
    void SetSiteState(string site, SiteStatus state);

    /// <exception cref="FaultException">A fault is not valid.</exception>
    IReadOnlyList<string> AddFaults(IReadOnlyList<Fault> faults);

    bool RemoveFault(string id);

    Task ResetAsync(CancellationToken cancellationToken);
}
