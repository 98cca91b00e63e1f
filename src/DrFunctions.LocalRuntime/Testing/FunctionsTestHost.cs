using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Hosting;
using DrFunctions.LocalRuntime.Invocation;
using DrFunctions.LocalRuntime.Keys;
using DrFunctions.LocalRuntime.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Testing;

/// <summary>A function app in this process, for tests: real HTTP on a free port, real triggers, any clock.</summary>
/// <remarks>Hosts are independent of each other; any number may run at once.</remarks>
public sealed class FunctionsTestHost : IAsyncDisposable
{
    private readonly FunctionsHost _host;

    private FunctionsTestHost(FunctionsHost host)
    {
        _host = host;
        Client = new HttpClient { BaseAddress = host.Address };
    }

    /// <summary>Sends requests to the host, without a key.</summary>
    public HttpClient Client { get; }

    /// <summary>Where the host listens.</summary>
    public Uri Address => _host.Address;

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>The client of the task hub.</summary>
    public DurableTaskClient DurableClient => Services.GetRequiredService<DurableTaskClient>();

    /// <summary>The key of functions of level function.</summary>
    public string FunctionKey => Keys[HostKey.Default];

    /// <summary>The key that opens everything.</summary>
    public string MasterKey => Keys[HostKey.Master];

    /// <summary>The key of the Event Grid webhook.</summary>
    public string EventGridKey => Keys[HostKey.EventGrid];

    /// <summary>The key of the durable HTTP management API.</summary>
    public string DurableTaskKey => Keys[HostKey.DurableTask];

    private KeyRing Keys => Services.GetRequiredService<KeyRing>();

    /// <summary>Builds and starts the app, and waits until its keys are known.</summary>
    /// <exception cref="StartupException">The app cannot start.</exception>
    public static async Task<FunctionsTestHost> StartAsync(FunctionsTestHostOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var host = Build(options);
        try
        {
            await host.StartAsync(cancellationToken);
            await host.Services.GetRequiredService<KeyLoader>().Loaded.WaitAsync(cancellationToken);
            return new FunctionsTestHost(host);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a timer function now, beside its schedule, and waits for it; what it throws is thrown here.</summary>
    /// <param name="name">The function.</param>
    /// <param name="isPastDue">What the function is told.</param>
    /// <param name="cancellationToken">Cancels the function.</param>
    /// <exception cref="ArgumentException">There is no timer function of that name.</exception>
    public async Task RunTimerAsync(string name, bool isPastDue = false, CancellationToken cancellationToken = default)
    {
        if (Services.GetRequiredService<FunctionCatalog>().Find(name) is not { Trigger: TimerFunctionTrigger } function)
        {
            throw new ArgumentException($"There is no timer function '{name}'.", nameof(name));
        }

        var input = new TriggerInput(new TimerInfo { IsPastDue = isPastDue });
        await Services.GetRequiredService<FunctionInvoker>().InvokeAsync(function, input, useResult: null, cancellationToken);
    }

    /// <summary>Stops the host as SIGTERM does: what runs may end.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await _host.DisposeAsync();
    }

    private static FunctionsHost Build(FunctionsTestHostOptions options)
    {
        var previous = HostOverrides.Current;
        HostOverrides.Current = Overrides(options);
        try
        {
            var builder = options.Builder(["--port", "0"]);
            builder.Logging.ClearProviders();
            return builder.Build() as FunctionsHost ?? throw new InvalidOperationException("The builder is not the local runtime's.");
        }
        finally
        {
            HostOverrides.Current = previous;
        }
    }

    private static HostOverrides Overrides(FunctionsTestHostOptions options)
    {
        var types = options.FunctionAssembly?.GetTypes() ?? options.FunctionTypes;
        if (types.Count == 0)
        {
            throw new ArgumentException("Give FunctionAssembly or FunctionTypes.", nameof(options));
        }

        var settings = options.Settings.ToDictionary(
            setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value);
        if (options.StorageConnectionString is not null)
        {
            settings[StorageConnection.Setting] = options.StorageConnectionString;
        }

        return new HostOverrides
        {
            Types = types,
            ApplicationName = types[0].Assembly.GetName().Name ?? "tests",
            Settings = settings,
            ContentRoot = options.ContentRoot,
            TimeProvider = options.TimeProvider,
            Records = options.Records ?? (options.StorageConnectionString is null ? new MemoryRecordStore() : null),
            Hub = options.Hub ?? (options.StorageConnectionString is null ? new MemoryHubStore() : null),
            ReadsLocalSettings = options.ReadsLocalSettings,
            ConfigureServices = options.ConfigureServices,
        };
    }
}
