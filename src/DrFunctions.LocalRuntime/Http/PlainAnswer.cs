using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>Answers with a sentence instead of a document.</summary>
internal static class PlainAnswer
{
    public static Task WriteAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(message, http.RequestAborted);
    }

    /// <summary>The request's body as JSON; null of an empty one.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static async Task<JsonElement?> ReadJsonAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        return string.IsNullOrWhiteSpace(body) ? null : JsonSerializer.Deserialize<JsonElement>(body);
    }
}
