using System.Text;

namespace DrFunctions.Cli.Backups;

/// <summary>A file with a key that goes again unless it is kept.</summary>
internal sealed class RecoveryKeyFile : IDisposable
{
    private bool _kept;

    private RecoveryKeyFile(string name) => Name = name;

    /// <summary>Its full path.</summary>
    public string Name { get; }

    /// <summary>Writes a new file, readable by its owner only and durable.</summary>
    /// <exception cref="IOException">A file of that name is there; it is not touched.</exception>
    public static RecoveryKeyFile Write(string name, string key)
    {
        var path = Path.GetFullPath(name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var content = new FileStream(path, options);
        var file = new RecoveryKeyFile(path);
        try
        {
            content.Write(Encoding.UTF8.GetBytes(key + "\n"));
            content.Flush(flushToDisk: true);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Leaves the file where it is.</summary>
    public void Keep() => _kept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_kept)
        {
            File.Delete(Name);
        }
    }
}
