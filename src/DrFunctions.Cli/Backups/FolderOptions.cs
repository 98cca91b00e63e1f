using System.CommandLine;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Cli.Backups;

/// <summary>What of a folder is backed up.</summary>
internal sealed class FolderOptions
{
    private const int MostBytes = 1024 * 1024;

    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "Leave these paths of a folder out, and all below them; * is any text without a slash, ** any text, ? one character; without a slash it is a name in any folder. May be repeated.",
        HelpName = "GLOB",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _excludeFile = new("--exclude-file")
    {
        Description = "As --exclude, of the lines of this file; empty ones and those that begin with # count for nothing. May be repeated.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _oneFileSystem = new("--one-file-system") { Description = "Leave out what is below folders of a folder on which another file system is mounted (Linux)." };

    /// <summary>For a command's list.</summary>
    public IReadOnlyList<Symbol> All => [_exclude, _excludeFile, _oneFileSystem];

    /// <summary>What was said; null when nothing was.</summary>
    /// <exception cref="CliException">A file is not there, or is too long.</exception>
    public async Task<FolderSourceOptions?> ReadAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var globs = invocation.Value(_exclude).ToList();
        if (globs.Exists(glob => glob.Trim('/').Length == 0))
        {
            throw new CliException("BadInput", "--exclude is empty; expected a path or a name.", "Leave it out to back up everything.");
        }

        foreach (var file in invocation.Value(_excludeFile))
        {
            globs.AddRange(await LinesAsync(file, cancellationToken));
        }

        var oneFileSystem = invocation.Value(_oneFileSystem);
        return globs.Count == 0 && !oneFileSystem ? null : new FolderSourceOptions { OneFileSystem = oneFileSystem, Exclude = PathGlobs.OfNames(globs) };
    }

    private static async Task<IEnumerable<string>> LinesAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            throw new CliException("BadInput", $"--exclude-file: there is no file {file}.", "Name a file with one path or name a line.");
        }

        return new FileInfo(file).Length <= MostBytes
            ? (await File.ReadAllLinesAsync(file, cancellationToken)).Select(line => line.TrimEnd('\r')).Where(line => line.Trim('/').Length > 0 && !line.StartsWith('#'))
            : throw new CliException("BadInput", $"--exclude-file: {file} has more than {MostBytes} bytes; expected one path or name a line.", "Exclude folders instead of files.");
    }
}
