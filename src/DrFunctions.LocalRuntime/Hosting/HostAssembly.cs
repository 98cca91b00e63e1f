using System.Globalization;
using System.Reflection;
using DrFunctions.LocalRuntime.Admin;
using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.DurableHttp;
using DrFunctions.LocalRuntime.EventGrid;
using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Invocation;
using DrFunctions.LocalRuntime.Keys;
using DrFunctions.LocalRuntime.Settings;
using DrFunctions.LocalRuntime.Storage;
using DrFunctions.LocalRuntime.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Puts the host together from the app's composition: finds its functions, checks everything, registers the runtime.</summary>
internal sealed class HostAssembly(
    WebApplicationBuilder web, string[] args, HostOverrides? overrides, List<string> problems, List<string> warnings)
{
    private const string BodyLimitSetting = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";
    private const long DefaultBodyLimit = 100 * 1024 * 1024;

    public FunctionsHost Build(IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware, bool servesHttp)
    {
        var options = HostJson.Options(web.Configuration, problems);
        var catalog = Discover(options, servesHttp);
        var given = HostKey.All
            .Where(name => !string.IsNullOrEmpty(web.Configuration[$"Host:Keys:{name}"]))
            .ToDictionary(name => name, name => web.Configuration[$"Host:Keys:{name}"] ?? "");
        var records = Records(catalog, given);
        var hub = Hub(catalog, options);
        var identity = HostIdentity.From(web.Configuration, web.Environment.ApplicationName);

        web.Services.AddSingleton(options);
        web.Services.AddSingleton(catalog);
        web.Services.AddSingleton(identity);
        web.Services.AddSingleton(records);
        web.Services.AddSingleton(new FunctionPipeline(middleware));
        web.Services.AddSingleton(new KeyRing(given, records, identity.HostId));
        AddRuntime(web.Services, catalog.UsesDurable ? DurableOptions(options) : null, hub);
        var url = ConfigureHttp();
        if (overrides is not null)
        {
            // The app may have registered the system's clock.
            web.Services.AddSingleton(overrides.TimeProvider);
            overrides.ConfigureServices?.Invoke(web.Services);
        }


        var app = web.Build();
        if (url is not null)
        {
            app.Urls.Add(url);
        }

        problems.AddRange(ConstructorCheck.Problems(catalog, app.Services.GetRequiredService<IServiceProviderIsService>()));
        if (problems.Count == 0)
        {
            HttpPipeline.Map(app);
        }

        return new FunctionsHost(app, problems, warnings, throws: overrides is not null);
    }

    private static void AddRuntime(IServiceCollection services, DurableOptions? durable, IHubStore hub)
    {
        services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = InvocationLifetime.ShutdownTimeout);
        services.AddMvcCore();
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<KeyGate>();
        services.AddSingleton<HttpFunctionEndpoint>();
        services.AddSingleton<EventGridWebhook>();
        services.AddSingleton<AdminEndpoints>();

        // Services stop in the reverse order: the engine must hand out no more activities before what runs is awaited.
        services.AddHosted<InvocationLifetime>();
        if (durable is not null)
        {
            services.AddSingleton(durable.DataConverter);
            services.AddSingleton<IDurableFunctions, DurableFunctions>();
            services.AddDurable(durable, _ => hub);
            services.AddSingleton<DurableHttpEndpoints>();
        }

        services.AddHosted<KeyLoader>();
        services.AddHosted<TimerService>();
    }

    private FunctionCatalog Discover(Settings.HostOptions options, bool servesHttp)
    {
        var types = overrides?.Types ?? Assembly.GetEntryAssembly()?.GetTypes() ?? [];
        var triggers = new TriggerReader(web.Configuration, options, problems);
        var catalog = new FunctionCatalog(new FunctionDiscovery(triggers, problems).Discover(types));
        problems.AddRange(CatalogCheck.Problems(catalog));
        if (!servesHttp && catalog.Functions.Any(function => function.Trigger is HttpFunctionTrigger))
        {
            problems.Add("the app has HTTP functions but does not call ConfigureFunctionsWebApplication()");
        }

        return catalog;
    }

    private IRecordStore Records(FunctionCatalog catalog, Dictionary<string, string> given)
    {
        if (overrides?.Records is { } records)
        {
            return records;
        }

        var needed = given.Count < HostKey.All.Count
            || catalog.UsesDurable
            || catalog.Functions.Any(function => function.Trigger is TimerFunctionTrigger { UseMonitor: true });
        return needed && StorageConnection.Create(web.Configuration, problems) is { } service
            ? new BlobRecordStore(service)
            : new MemoryRecordStore();
    }

    private IHubStore Hub(FunctionCatalog catalog, Settings.HostOptions options)
    {
        if (overrides?.Hub is { } hub)
        {
            return hub;
        }

        return catalog.UsesDurable && problems.Count == 0 && StorageConnection.Find(web.Configuration) is { } connection
            ? BlobHubStore.Connect(connection, options.HubName)
            : new MemoryHubStore();
    }

    private static DurableOptions DurableOptions(Settings.HostOptions host)
    {
        var options = new DurableOptions { HubName = host.HubName };
        options.MaxConcurrentActivities = host.MaxConcurrentActivities ?? options.MaxConcurrentActivities;
        options.MaxConcurrentOrchestrators = host.MaxConcurrentOrchestrators ?? options.MaxConcurrentOrchestrators;
        return options;
    }

    private string? ConfigureHttp()
    {
        var limit = DefaultBodyLimit;
        if (web.Configuration[BodyLimitSetting] is { } setting
            && (!long.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit == 0))
        {
            problems.Add($"setting {BodyLimitSetting} is '{setting}', expected a number of bytes above 0");
        }

        web.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limit;
        });
        return ListenAddress.Find(args, web.Configuration, problems);
    }
}
