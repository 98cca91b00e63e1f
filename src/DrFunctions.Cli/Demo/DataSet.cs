using System.Security.Cryptography;

namespace DrFunctions.Cli.Demo;

/// <summary>Files on disk that the demonstration protects, each with its hash.</summary>
/// <param name="Root">Their directory.</param>
/// <param name="Files">By name, ordinal order.</param>
internal sealed record DataSet(string Root, IReadOnlyList<DataFile> Files)
{
    /// <summary>All their bytes.</summary>
    public long Bytes => Files.Sum(file => file.Length);

    /// <summary>Reads and hashes every file below a directory.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static async Task<DataSet> OfDirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
        {
            throw new CliException("BadInput", $"There is no directory {directory}.", "Give --data a directory with files, or leave it out.");
        }

        var root = Path.GetFullPath(directory);
        var files = new List<DataFile>();
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var path in Directory.EnumerateFiles(root, "*", options))
        {
            await using var content = File.OpenRead(path);
            var name = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            files.Add(new DataFile(name, content.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken))));
        }

        return files.Count > 0
            ? new DataSet(root, [.. files.OrderBy(file => file.Name, StringComparer.Ordinal)])
            : throw new CliException("BadInput", $"The directory {directory} holds no files.", "Give --data a directory with files, or leave it out.");
    }

    /// <summary>Opens a file.</summary>
    public FileStream Open(DataFile file) => File.OpenRead(Path.Combine(Root, file.Name));
}

/// <summary>A file of the demonstration.</summary>
/// <param name="Name">Below the root, parts separated by '/'; also the blob's name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
internal sealed record DataFile(string Name, long Length, string Sha256);
