using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RestorePostgres;

/// <summary>Restores a PostgreSQL server's own backup into a new server.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Region">The region of the new server.</param>
/// <param name="Source">The server whose backup is restored.</param>
/// <param name="Target">The new server.</param>
/// <param name="Before">How long before the loss was first noticed the restored time lies.</param>
public sealed record RestorePostgresStep(string Name, TimeSpan Timeout, RegionRole Region, ResourceId Source, ResourceId Target, TimeSpan Before)
    : RunbookStep(Name, Timeout);
