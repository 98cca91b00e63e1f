using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Registers services that run with the host.</summary>
internal static class HostedServices
{
    /// <summary>One instance that others can ask for, started and stopped by the host.</summary>
    public static void AddHosted<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<T>());
    }
}
