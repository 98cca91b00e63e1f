using System.Reflection;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Storage;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Testing;

/// <summary>What a <see cref="FunctionsTestHost"/> runs, and how.</summary>
public sealed class FunctionsTestHostOptions
{
    /// <summary>The app's own composition; default a bare builder with HTTP.</summary>
    public Func<string[], FunctionsApplicationBuilder> Builder { get; init; } =
        args => FunctionsApplication.CreateBuilder(args).ConfigureFunctionsWebApplication();

    /// <summary>The assembly whose functions run. Give this or <see cref="FunctionTypes"/>.</summary>
    public Assembly? FunctionAssembly { get; init; }

    /// <summary>The classes whose functions run.</summary>
    public IReadOnlyList<Type> FunctionTypes { get; init; } = [];

    /// <summary>The storage account of keys, timers and the task hub; default null, in memory and gone with the host.</summary>
    public string? StorageConnectionString { get; init; }

    /// <summary>The clock of timers and orchestrations; default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Settings, <c>Name__Part</c> or <c>Name:Part</c>; they win over the environment. local.settings.json is not read.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Changes the services after the app's own, for instance to put a fake in place.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>Where host.json is; default beside the tests, where a reference to the app has copied it.</summary>
    public string? ContentRoot { get; init; }

    /// <summary>Records that several hosts share.</summary>
    internal IRecordStore? Records { get; init; }

    /// <summary>The task hub that several hosts share.</summary>
    internal IHubStore? Hub { get; init; }

    /// <summary>Whether local.settings.json is read.</summary>
    internal bool ReadsLocalSettings { get; init; }
}
