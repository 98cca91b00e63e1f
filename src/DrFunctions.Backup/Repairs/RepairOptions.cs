using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Repairs;

/// <summary>What a repair may use.</summary>
public sealed record RepairOptions
{
    /// <summary>The other region's copy of the same repository; null, the default, for none.</summary>
    public IRepository? Copy { get; init; }

    /// <summary>Where the backups came from; null, the default, for not looking there. Files that need a lost chunk are read again, under their names.</summary>
    public IBackupSource? Source { get; init; }

    /// <summary>Whether nothing is written, and only said what is damaged and what the copy has. Default false.</summary>
    public bool DryRun { get; init; }
}
