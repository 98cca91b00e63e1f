using System.Text.Json;
using DrFunctions.LocalRuntime.Hosting;
using DrFunctions.LocalRuntime.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Composes a function app and builds its host.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly string[] _args;
    private readonly WebApplicationBuilder _web;
    private readonly HostOverrides? _overrides = HostOverrides.Current;
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly HostJsonFile _hostJson;
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    internal FunctionsApplicationBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        _args = args;
        _web = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = _overrides?.ApplicationName ?? System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name,
            ContentRootPath = _overrides?.ContentRoot ?? AppContext.BaseDirectory,
            EnvironmentName = System.Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT"),
        });
        _hostJson = SettingsSources.Add(Configuration, Environment.ContentRootPath, _overrides, _problems, _warnings);
        StopOnDamagedSettings();

        // The host validates the services itself, so that what is missing is told with all other mistakes.
        _web.Host.UseDefaultServiceProvider(options =>
        {
            options.ValidateScopes = _web.Environment.IsDevelopment();
            options.ValidateOnBuild = false;
        });
        LogRules.Add(Logging);
        Services.TryAddSingleton(_overrides?.TimeProvider ?? TimeProvider.System);
        Services.Configure<JsonSerializerOptions>(options => options.PropertyNameCaseInsensitive = true);
    }

    /// <inheritdoc />
    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_web).Properties;

    /// <summary>The app's settings: the environment, over local.settings.json.</summary>
    public ConfigurationManager Configuration => _web.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    /// <inheritdoc />
    public IHostEnvironment Environment => _web.Environment;

    /// <inheritdoc />
    public ILoggingBuilder Logging => _web.Logging;

    /// <inheritdoc />
    public IMetricsBuilder Metrics => _web.Metrics;

    /// <inheritdoc cref="IHostApplicationBuilder.Services" />
    public IServiceCollection Services => _web.Services;

    internal bool ServesHttp { get; set; }

    /// <inheritdoc />
    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);

    /// <inheritdoc />
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _middleware.Add(middleware);
        return this;
    }

    // The app composes itself from settings next, and what it would say about missing ones hid the reason.
    private void StopOnDamagedSettings()
    {
        var values = new List<string>();
        HostJson.Options(Configuration, _hostJson, values, warnings: []);
        if (_problems.Count + values.Count > 0 && _overrides is null)
        {
            Assembly().Check();
            StartupFailure.Tell(new StartupException(_problems));
            System.Environment.Exit(StartupFailure.ExitCode);
        }
    }

    /// <summary>Builds the host. Mistakes in the app or its settings are all told when it starts.</summary>
    public IHost Build() => Assembly().Build(_middleware, ServesHttp);

    private HostAssembly Assembly() => new(_web, _args, _hostJson, _overrides, _problems, _warnings);
}
