using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace DrFunctions.LocalRuntime.Durable;

/// <summary>Puts the durable engine into a host.</summary>
internal static class DurableServices
{
    /// <summary>
    /// Adds the engine as a hosted service and its client as <see cref="DurableTaskClient"/>. The host also registers an
    /// <see cref="IDurableFunctions"/>; a store is usually <see cref="BlobHubStore.Connect"/>.
    /// </summary>
    public static IServiceCollection AddDurable(
        this IServiceCollection services, DurableOptions options, Func<IServiceProvider, IHubStore> store)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(store);
        services.AddSingleton<DurableEngine>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DurableEngine>());
        services.AddSingleton<LocalDurableTaskClient>();
        services.AddSingleton<DurableTaskClient>(provider => provider.GetRequiredService<LocalDurableTaskClient>());
        return services;
    }
}
