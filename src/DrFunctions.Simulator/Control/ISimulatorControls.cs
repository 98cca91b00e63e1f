namespace DrFunctions.Simulator.Control;

/// <summary>What the control API can do.</summary>
internal interface ISimulatorControls
{
    SimulatorState State { get; }

    IReadOnlyList<LoggedRequest> Requests { get; }

    Task SetRegionDarkAsync(string region, bool dark, CancellationToken cancellationToken);

    void SetResourceManagerDark(bool dark);

    /// <exception cref="ArgumentException">A member of the fault is out of range.</exception>
    void AddFault(Fault fault);

    Task ResetAsync(CancellationToken cancellationToken);
}
