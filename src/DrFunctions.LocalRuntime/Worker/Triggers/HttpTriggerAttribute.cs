using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function by an HTTP request.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Any method, with a function key.</summary>
    public HttpTriggerAttribute()
        : this(AuthorizationLevel.Function)
    {
    }

    /// <summary>These methods, with a function key.</summary>
    /// <param name="methods">HTTP methods; none means any.</param>
    public HttpTriggerAttribute(params string[] methods)
        : this(AuthorizationLevel.Function, methods)
    {
    }

    /// <summary>Any method.</summary>
    /// <param name="authLevel">The key asked for.</param>
    public HttpTriggerAttribute(AuthorizationLevel authLevel)
    {
        AuthLevel = authLevel;
    }

    /// <summary>These methods.</summary>
    /// <param name="authLevel">The key asked for.</param>
    /// <param name="methods">HTTP methods; none means any.</param>
    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>The key asked for.</summary>
    public AuthorizationLevel AuthLevel { get; }

    /// <summary>HTTP methods; null or empty means any.</summary>
    public string[]? Methods { get; }

    /// <summary>The route template below the prefix; default the function's name.</summary>
    public string? Route { get; set; }
}
