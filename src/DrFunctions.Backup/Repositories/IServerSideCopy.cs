namespace DrFunctions.Backup.Repositories;

/// <summary>What some repositories can do beside <see cref="IRepository"/>: have the storage fetch an object itself, so that its bytes do not pass through this machine. Thread-safe.</summary>
public interface IServerSideCopy
{
    /// <summary>Copies an object from another repository under the same key, whole or not at all.</summary>
    /// <param name="from">Where it is.</param>
    /// <param name="key">The object.</param>
    /// <param name="replace">Whether one that is here already is replaced; otherwise it stays.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What became of it. What is copied is what the other storage had: its caller finds out whether that was right.</returns>
    /// <exception cref="BackupException">The storage did not answer, as for a write: whether it took effect is unknown, and doing it again is safe.</exception>
    Task<ServerSideCopy> CopyFromAsync(IRepository from, string key, bool replace, CancellationToken cancellationToken);
}

/// <summary>What became of a copy that the storage was asked for.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Refusal">Why the storage does not copy this, in words; null when it did, or had it.</param>
public readonly record struct ServerSideCopy(ServerSideOutcome Outcome, string? Refusal = null);

/// <summary>The outcomes of a copy that the storage was asked for.</summary>
public enum ServerSideOutcome
{
    /// <summary>The object is here now.</summary>
    Copied,

    /// <summary>There was one of that key, and it was left alone.</summary>
    Exists,

    /// <summary>The storage does not copy it from there: it is to be sent.</summary>
    Refused,
}
