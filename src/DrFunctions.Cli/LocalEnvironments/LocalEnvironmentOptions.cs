namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>What a local environment is made of.</summary>
internal sealed record LocalEnvironmentOptions
{
    /// <summary>Where it keeps its files.</summary>
    public required StateDirectory State { get; init; }

    /// <summary>Where everything listens.</summary>
    public LocalPorts Ports { get; init; } = new(LocalPorts.DefaultBase);

    /// <summary>Where tools are installed; default below the state directory. Environments may share one.</summary>
    public string? ToolsDirectory { get; init; }

    /// <summary>Where dotnet, node and npm are looked for.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>The plan that the simulated cloud is made for; default the sample, fitted to the ports.</summary>
    public string? PlanYaml { get; init; }

    /// <summary>Whether the function app is started; default true.</summary>
    public bool StartApp { get; init; } = true;

    /// <summary>Told what takes long.</summary>
    public Action<string> Say { get; init; } = _ => { };
}
