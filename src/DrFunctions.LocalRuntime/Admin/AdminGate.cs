using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Admin;

/// <summary>Puts the host's own API behind the master key.</summary>
internal static class AdminGate
{
    public static RequestDelegate Gated<T>(Func<T, Func<HttpContext, Task>> handler)
        where T : notnull => http =>
        http.RequestServices.GetRequiredService<KeyGate>().Admits(http, HostKey.Master)
            ? handler(http.RequestServices.GetRequiredService<T>())(http)
            : Task.CompletedTask;
}
