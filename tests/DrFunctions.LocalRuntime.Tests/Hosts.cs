using DrFunctions.LocalRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime;

/// <summary>Starts test hosts.</summary>
internal static class Hosts
{
    /// <summary>A wait that no healthy test reaches.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task<FunctionsTestHost> StartAsync<TFunctions>(
        Action<IServiceCollection>? services = null, params (string Name, string Value)[] settings) =>
        FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(TFunctions)],
            ConfigureServices = services,
            Settings = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value),
        });
}
