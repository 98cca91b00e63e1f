namespace DrFunctions.Recovery;

/// <summary>
/// Work that can wait: evaluations, samples. What it asks of a service that counts requests is asked when no incident or run needs the
/// request, and of storage little at once. Flows with the calls of the work, and into nothing that the work only wakes.
/// </summary>
public static class BackgroundWork
{
    private static readonly AsyncLocal<bool> s_isRunning = new();

    /// <summary>Whether the caller is part of such work.</summary>
    public static bool IsRunning => s_isRunning.Value;

    /// <summary>Does some work as one that can wait.</summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        s_isRunning.Value = true; // Until this method ends: the caller's own value stays as it is.
        return await work();
    }

    /// <summary>What the calling method goes on to do is no such work: others wait for it, too.</summary>
    internal static void Leave() => s_isRunning.Value = false;
}
