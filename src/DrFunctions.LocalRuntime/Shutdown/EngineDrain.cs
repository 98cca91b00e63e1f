using DrFunctions.LocalRuntime.Durable;
using Microsoft.Extensions.Hosting;

namespace DrFunctions.LocalRuntime.Shutdown;

/// <summary>
/// Stops the durable engine as soon as the host drains, beside everything else that ends: the hub is given back for another host
/// while a request may still be under way here.
/// </summary>
internal sealed class EngineDrain(DurableEngine engine, DrainMode drain) : IHostedService, IDisposable
{
    private CancellationTokenRegistration _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = drain.Begun.Register(() => _ = Task.Run(() => engine.StopAsync(CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration.Dispose();
}
