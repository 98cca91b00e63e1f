using DrFunctions.Backup;
using DrFunctions.Backup.Keys;

namespace DrFunctions.Cli.Backups;

/// <summary>Secrets as a command line names them: by variable, file or URL, never by value.</summary>
internal static class SecretInput
{
    private const int LongestFile = 4096;

    /// <summary>A key of a vault; nothing is asked of the vault yet.</summary>
    /// <exception cref="CliException">The URL is none of a key.</exception>
    public static IKeyWrapper VaultKey(CommandInvocation invocation, string option, string url)
    {
        try
        {
            return invocation.Host.Vaults.Open(url);
        }
        catch (BackupException error)
        {
            throw new CliException("BadInput", $"{option}: {error.Message}", error.Hint, error);
        }
    }

    /// <summary>The secret in a file, without the white space around it. What else is in the file is not ours to read, nor to repeat.</summary>
    /// <exception cref="CliException">The file is not there, empty, or too long to be one.</exception>
    public static async Task<string> ReadFileAsync(string option, string file, string expected, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            throw new CliException("BadInput", $"{option}: there is no file {file}.", $"Name the file that holds {expected}, and nothing else.");
        }

        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read);
        var read = new byte[LongestFile + 1]; // A pipe has no length.
        var length = await content.ReadAtLeastAsync(read, read.Length, throwOnEndOfStream: false, cancellationToken);
        using var text = new StreamReader(new MemoryStream(read, 0, length));
        return length > LongestFile
            ? throw new CliException("BadInput", $"{option}: {file} has more than {LongestFile} bytes; expected {expected}.", $"Name the file that holds {expected}, and nothing else.")
            : (await text.ReadToEndAsync(cancellationToken)).Trim() is { Length: > 0 } secret ? secret
            : throw new CliException("BadInput", $"{option}: {file} is empty; expected {expected}.", $"Name the file that holds {expected}, and nothing else.");
    }
}
