using DrFunctions.LocalRuntime.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>Lets a request in that carries a key, in <c>x-functions-key</c> or <c>?code=</c>.</summary>
internal sealed class KeyGate(KeyRing keys)
{
    public const string Header = "x-functions-key";
    public const string Query = "code";

    /// <summary>Whether the request may go on; if not, it is answered with a bare 401, or 503 while the keys are not known.</summary>
    public bool Admits(HttpContext http, AuthorizationLevel level) => level switch
    {
        AuthorizationLevel.Anonymous => true,
        AuthorizationLevel.Function => Admits(http, HostKey.Default),
        _ => Admits(http, HostKey.Master),
    };

    /// <summary>Whether the request carries the master key; it is not answered.</summary>
    public bool IsMaster(HttpContext http) => keys.Accepts(Presented(http), HostKey.Master) is true;

    /// <summary>As the other, for a named key; the master key opens everything.</summary>
    public bool Admits(HttpContext http, string key)
    {
        switch (keys.Accepts(Presented(http), key, HostKey.Master))
        {
            case true:
                return true;
            case false:
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return false;
            default:
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                http.Response.Headers.RetryAfter = "5";
                return false;
        }
    }

    private static string Presented(HttpContext http) =>
        http.Request.Headers[Header].ToString() is { Length: > 0 } header ? header : http.Request.Query[Query].ToString();
}
