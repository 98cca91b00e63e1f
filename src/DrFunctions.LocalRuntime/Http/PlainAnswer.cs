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
        try
        {
            using var reader = new StreamReader(http.Request.Body, Utf8, leaveOpen: true);
            var body = await reader.ReadToEndAsync(http.RequestAborted);
            if (string.IsNullOrWhiteSpace(body))
            {
                return null;
            }

            ReadStrings(body);
            return JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (DecoderFallbackException exception)
        {
            throw new JsonException("it is not UTF-8", exception);
        }
    }

    // A string may hold half a surrogate pair by its escapes, which shows only when somebody reads it.
    private static void ReadStrings(string body)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(body));
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
