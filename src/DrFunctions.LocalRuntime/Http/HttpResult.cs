using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>Writes what an HTTP function returned, as ASP.NET Core does.</summary>
internal static class HttpResult
{
    /// <summary>Whether results of a type can be written.</summary>
    public static bool IsSupported(Type type) => type.IsAssignableTo(typeof(IActionResult)) || type.IsAssignableTo(typeof(IResult));

    /// <summary>Writes a result; null leaves the response as the function made it.</summary>
    public static Task WriteAsync(HttpContext http, object? result) => result switch
    {
        IActionResult action => action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor())),
        IResult plain => plain.ExecuteAsync(http),
        _ => Task.CompletedTask,
    };
}
