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
using DrFunctions.LocalRuntime.Shutdown;
using DrFunctions.LocalRuntime.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Puts the host together from the app's composition: finds its functions, checks everything, registers the runtime.</summary>
internal sealed class HostAssembly(
    WebApplicationBuilder web, string[] args, HostJsonFile hostJson, HostOverrides? overrides, List<string> problems, List<string> warnings)
{
    private const string TimeZoneSetting = "WEBSITE_TIME_ZONE";
    private const string BodyLimitSetting = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";
    private const long DefaultBodyLimit = 100 * 1024 * 1024;

    /// <summary>Only adds what is wrong with the functions to the problems, for an app that cannot go on.</summary>
    public void Check() => Discover(HostJson.Options(web.Configuration, hostJson, problems, warnings));

    public FunctionsHost Build(IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware, bool servesHttp)
    {
        var options = HostJson.Options(web.Configuration, hostJson, problems, warnings);
        var (catalog, classes) = Discover(options);
        if (!servesHttp && catalog.Functions.Any(function => function.Trigger is HttpFunctionTrigger))
        {
            problems.Add("the app has HTTP functions but does not call ConfigureFunctionsWebApplication()");
        }

        var given = HostKey.All
            .Where(name => !string.IsNullOrEmpty(web.Configuration[$"Host:Keys:{name}"]))
            .ToDictionary(name => name, name => web.Configuration[$"Host:Keys:{name}"] ?? "");
        var stores = HostStores.Find(web.Configuration, catalog, given, options, overrides, problems, warnings);
        var identity = HostIdentity.From(web.Configuration, web.Environment.ApplicationName);

        web.Services.AddSingleton(options);
        web.Services.AddSingleton(catalog);
        web.Services.AddSingleton(identity);
        web.Services.AddSingleton(stores.Records);
        web.Services.AddSingleton(new FunctionPipeline(middleware));
        web.Services.AddSingleton(new KeyRing(given, stores.Records, identity.HostId));
        var times = ShutdownTimes.Read(web.Configuration, problems);
        web.Services.AddSingleton(times);
        web.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = times.Total);
        AddRuntime(web.Services, catalog.UsesDurable ? DurableOptions(options, times) : null, stores.Hub);
        if (overrides is null)
        {
            web.Services.AddHosted<SecondSignal>(); // A test's signals are its runner's.
        }

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

        problems.AddRange(ConstructorCheck.Problems(classes, app.Services.GetRequiredService<IServiceProviderIsService>()));
        problems.AddRange(ConstructorCheck.Problems(web.Services));
        if (problems.Count == 0)
        {
            HttpPipeline.Map(app);
        }

        return new FunctionsHost(app, problems, warnings, throws: overrides is not null);
    }

    private static void AddRuntime(IServiceCollection services, DurableOptions? durable, IHubStore hub)
    {
        services.AddMvcCore();
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<KeyGate>();
        services.AddSingleton<RequestLimit>();
        services.AddSingleton<HttpFunctionEndpoint>();
        services.AddSingleton<EventGridWebhook>();
        services.AddSingleton<FunctionAdmin>();
        services.AddSingleton<HostAdmin>();
        services.AddSingleton<DrainMode>();

        // Services stop in the reverse order: the engine must hand out no more activities before what runs is awaited.
        services.AddHosted<InvocationLifetime>();
        if (durable is not null)
        {
            services.AddSingleton(durable.DataConverter);
            services.AddSingleton<IDurableFunctions, DurableFunctions>();
            services.AddDurable(durable, _ => hub);
            services.AddHosted<EngineDrain>();
            services.AddSingleton<ManagementLinks>();
            services.AddSingleton<StartEndpoint>();
            services.AddSingleton<InstanceEndpoints>();
            services.AddSingleton<InstanceListEndpoints>();
            services.AddSingleton<DurableHttpEndpoints>();
        }

        services.AddHosted<KeyLoader>();
        services.AddHosted<TimerService>();
    }

    private (FunctionCatalog Catalog, IReadOnlyCollection<Type> Classes) Discover(Settings.HostOptions options)
    {
        var types = overrides?.Types ?? Assembly.GetEntryAssembly()?.GetTypes() ?? [];
        var triggers = new TriggerReader(web.Configuration, options, problems);
        var discovery = new FunctionDiscovery(triggers, new DurableClientCheck(web.Configuration, options), problems);
        var catalog = new FunctionCatalog(discovery.Discover(types));
        problems.AddRange(CatalogCheck.Problems(catalog));
        if (web.Configuration[TimeZoneSetting] is { Length: > 0 } zone && catalog.Functions.Any(function => function.Trigger is TimerFunctionTrigger))
        {
            warnings.Add($"setting {TimeZoneSetting} is '{zone}' and is not honoured: schedules are in UTC");
        }

        return (catalog, discovery.Classes);
    }

    private static DurableOptions DurableOptions(Settings.HostOptions host, ShutdownTimes times)
    {
        var options = new DurableOptions { HubName = host.HubName, StopGrace = times.Grace };
        options.PollInterval = host.HubPollInterval ?? options.PollInterval;
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
