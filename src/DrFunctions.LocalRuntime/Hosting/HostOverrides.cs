using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>What the test host says differently; it flows to the builder that the app's own code creates.</summary>
internal sealed record HostOverrides
{
    private static readonly AsyncLocal<HostOverrides?> Ambient = new();

    /// <summary>Those of this flow of execution; null outside the test host.</summary>
    public static HostOverrides? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>The app's types, instead of those of the entry assembly.</summary>
    public required IReadOnlyList<Type> Types { get; init; }

    /// <summary>The app's name.</summary>
    public required string ApplicationName { get; init; }

    /// <summary>Settings that win over every other.</summary>
    public required IReadOnlyDictionary<string, string?> Settings { get; init; }

    /// <summary>Where host.json and local.settings.json are.</summary>
    public string? ContentRoot { get; init; }

    /// <summary>Whether local.settings.json is read: it is the developer's, not the test's.</summary>
    public bool ReadsLocalSettings { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Where records are kept; null for the storage of <c>AzureWebJobsStorage</c>.</summary>
    public IRecordStore? Records { get; init; }

    /// <summary>Where the task hub is kept; null for the storage of <c>AzureWebJobsStorage</c>.</summary>
    public IHubStore? Hub { get; init; }

    /// <summary>Changes the services after the app's own.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }
}
