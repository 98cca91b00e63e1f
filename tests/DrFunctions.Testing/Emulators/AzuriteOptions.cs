namespace DrFunctions.Testing.Emulators;

/// <summary>How an emulator is started.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Account names, at least one; each gets a random key.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = ["account"];

    /// <summary>Keeps everything in memory: faster, and lost with the process. Default: on disk, so that a restart finds it.</summary>
    public bool InMemory { get; init; }
}
