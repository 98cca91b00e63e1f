namespace DrFunctions.Testing.Emulators;

/// <summary>How an emulator is started.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Account names, at least one; each gets a key.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = ["account"];

    /// <summary>The key of all accounts, for a client that has it built in. Default: each account has a random one.</summary>
    public string? Key { get; init; }

    /// <summary>The port, for a client that has it built in. Default: any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Keeps everything in memory: faster, and lost with the process. Default: on disk, so that a restart finds it.</summary>
    public bool InMemory { get; init; }

    /// <summary>
    /// Is given what the emulator prints, a line for each request: <c>127.0.0.1 - - [time] "PUT /account/container/blob HTTP/1.1" 201 -</c>.
    /// Default: it prints nothing.
    /// </summary>
    public Action<string>? OnRequest { get; init; }
}
