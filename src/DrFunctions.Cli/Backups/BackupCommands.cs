using System.CommandLine;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup …</c></summary>
internal static class BackupCommands
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> Create(CommandContext context) => [];
}
