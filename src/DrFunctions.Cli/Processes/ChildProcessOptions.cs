namespace DrFunctions.Cli.Processes;

/// <summary>What to start.</summary>
internal sealed record ChildProcessOptions
{
    /// <summary>What it is, in messages: <c>storage of westeurope</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The program's full path.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables set beside the ones of this process; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>An existing directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Where standard output and error are appended.</summary>
    public required string LogFile { get; init; }
}
