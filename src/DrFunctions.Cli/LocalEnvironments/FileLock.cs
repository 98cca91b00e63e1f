namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>A lock between processes: an exclusively opened file, which the kernel releases however its holder ends.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Takes the lock; null when another holds it.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Takes the lock, waiting for whoever holds it.</summary>
    /// <param name="path">In an existing directory.</param>
    /// <param name="waiting">Called once, before the first wait.</param>
    /// <param name="time">Paces the attempts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<FileStream> TakeAsync(
        string path, Action waiting, TimeProvider time, CancellationToken cancellationToken)
    {
        var told = false;
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            if (!told)
            {
                told = true;
                waiting();
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
