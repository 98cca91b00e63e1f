using DrFunctions.Recovery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DrFunctions.App.Telemetry;

/// <summary>
/// Sends traces and metrics to an OpenTelemetry collector (docs/telemetry.md) where the standard setting names one; where it does not,
/// none of this exists. All other standard settings, <c>OTEL_*</c>, are read as well.
/// </summary>
internal sealed class TelemetryExport(IConfiguration settings) : IHostedService, IDisposable
{
    public const string EndpointName = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const int FlushMilliseconds = 3000;

    // Those of the official worker and SDK, which the local runtime bears as well, and of the base class library.
    private static readonly string[] Sources = ["Microsoft.Azure.Functions.Worker", "Microsoft.DurableTask", "System.Net.Http"];

    private static readonly string[] Meters =
        ["DrFunctions.LocalRuntime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <summary>Adds the export, if the settings want it. Call it first: what is added first starts first and ends last.</summary>
    /// <exception cref="RecoveryException">Code <c>InvalidSettings</c>: the endpoint is not an address.</exception>
    public static void Add(IServiceCollection services, IConfiguration settings)
    {
        if (settings[EndpointName] is not { Length: > 0 } text)
        {
            return;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            throw new RecoveryException(
                "InvalidSettings",
                $"The app settings have mistakes: {EndpointName} is '{text}'; it must be an address such as http://localhost:4317.",
                isTransient: false,
                "Correct the setting, or remove it to export nothing, and start the app again.");
        }

        services.AddHostedService(_ => new TelemetryExport(settings));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(Read)
            .ConfigureResource(Describe)
            .AddSource(Sources)
            .AddProcessor(new UncausedCalls())
            .AddOtlpExporter()
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(Read)
            .ConfigureResource(Describe)
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what is left; a collector that does not answer does not keep the app.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _traces?.Shutdown(FlushMilliseconds), CancellationToken.None),
        Task.Run(() => _metrics?.Shutdown(FlushMilliseconds), CancellationToken.None));

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    // local.settings.json is not the environment.
    private void Read(IServiceCollection services) => services.AddSingleton(settings);

    // What comes later wins: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES over our own.
    private void Describe(ResourceBuilder resource)
    {
        resource.Clear().AddTelemetrySdk().AddService("drfunctions", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3));
        if (settings["Dr:Region"] is { Length: > 0 } region)
        {
            resource.AddAttributes([new("cloud.region", region)]);
        }

        resource.AddEnvironmentVariableDetector();
    }
}
