namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>Where a local environment keeps its files. Everything below it may be deleted while nothing runs.</summary>
/// <param name="Path">Full path.</param>
internal sealed record StateDirectory(string Path)
{
    /// <summary>The default, below the current directory.</summary>
    public const string DefaultName = ".dr";

    /// <summary>Storage accounts' data; begun anew by every start.</summary>
    public string Data => Combine("data");

    /// <summary>The output of every process.</summary>
    public string Logs => Combine("logs");

    /// <summary>Evidence and reports by run; never deleted by <c>dr</c>, but run ids start anew with every environment.</summary>
    public string Evidence => Combine("evidence");

    /// <summary>Installed tools, shared by all starts.</summary>
    public string Tools => Combine("tools");

    /// <summary>How other commands find the running environment.</summary>
    public string Descriptor => Combine("environment.json");

    /// <summary>How other commands find a simulator that runs alone.</summary>
    public string Simulator => Combine("simulator.json");

    private string LockFile => Combine("lock");

    /// <summary>Reads the path as the person wrote it.</summary>
    public static StateDirectory At(string? path) => new(System.IO.Path.GetFullPath(path ?? DefaultName));

    /// <summary>Takes the directory for one environment; released with the handle or the process.</summary>
    /// <exception cref="CliException">Another environment runs here, or the directory cannot be written.</exception>
    public IDisposable Take()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException("StateInUse", $"The state directory {Path} cannot be created: {failure.Message}",
                "Choose another with --state DIR.", failure);
        }

        var taken = FileLock.TryTake(LockFile) ?? throw new CliException("StateInUse",
            $"Another local environment or simulator already runs with the state directory {Path}.",
            "Use it (dr run list shop), stop it with Ctrl+C, or start a second one with --state DIR and --port-base.");

        // Whoever was killed here left its descriptor.
        File.Delete(Descriptor);
        File.Delete(Simulator);
        return taken;
    }

    /// <summary>Empties a directory below this one.</summary>
    public static void Begin(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        Directory.CreateDirectory(directory);
    }

    private string Combine(string name) => System.IO.Path.Combine(Path, name);
}
