using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>Answers with a sentence instead of a document.</summary>
internal static class PlainAnswer
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Task WriteAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(message, http.RequestAborted);
    }

    /// <summary>The request's body as JSON; null of an empty one. Every string of it is text that can be read.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or does not end as it should.</exception>
    public static async Task<JsonElement?> ReadJsonAsync(HttpContext http)
    {
        var body = await ReadSyntaxAsync(http);
        if (body is { } json)
        {
            ThrowIfNotText(json);
        }

        return body;
    }

    /// <summary>The request's body as JSON; null of an empty one. Its strings may hold half a surrogate pair by their escapes.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or does not end as it should.</exception>
    public static async Task<JsonElement?> ReadSyntaxAsync(HttpContext http)
    {
        try
        {
            using var reader = new StreamReader(http.Request.Body, Utf8, leaveOpen: true);
            var body = await reader.ReadToEndAsync(http.RequestAborted);
            return string.IsNullOrWhiteSpace(body) ? null : JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (DecoderFallbackException exception)
        {
            throw new JsonException("it is not UTF-8", exception);
        }
    }

    /// <summary>Reads every string: half a surrogate pair shows only then.</summary>
    /// <exception cref="JsonException">A string is no text.</exception>
    public static void ThrowIfNotText(JsonElement json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json.GetRawText()));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    reader.GetString();
                }
            }
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("a string of it is not Unicode text", exception);
        }
    }
}
