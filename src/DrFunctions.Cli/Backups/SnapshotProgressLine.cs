using System.Globalization;
using DrFunctions.Backup;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary>A prune's progress as a line: the snapshots it looked at.</summary>
internal sealed class SnapshotProgressLine(CommandInvocation invocation) : IProgress<BackupProgress>, IDisposable
{
    private readonly ProgressLine _line = new(
        invocation.Output, "looked at", 0, invocation.Time, count => string.Create(CultureInfo.InvariantCulture, $"{count:0.#} snapshots"));

    /// <inheritdoc/>
    public void Report(BackupProgress value) => _line.Set(value.FilesDone, value.FilesTotal);

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
