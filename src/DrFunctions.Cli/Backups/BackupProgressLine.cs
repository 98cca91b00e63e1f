using DrFunctions.Backup;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary>The engine's progress as a line with rate and time left.</summary>
internal sealed class BackupProgressLine(CommandInvocation invocation, string what) : IProgress<BackupProgress>, IDisposable
{
    private readonly ProgressLine _line = new(invocation.Output, what, 0, invocation.Time);

    /// <inheritdoc/>
    public void Report(BackupProgress value) => _line.Set(value.BytesDone, value.IsTotalFinal ? value.BytesTotal : 0);

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
