using System.Text;
using System.Text.Json;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace DrFunctions.App.Http;

/// <summary>Answers of the HTTP API. Written out here, because the host's own settings would write enums as numbers.</summary>
internal static class ApiResult
{
    public static IActionResult Json<T>(T value, int status = StatusCodes.Status200OK) => new ContentResult
    {
        StatusCode = status,
        ContentType = "application/json; charset=utf-8",
        Content = Encoding.UTF8.GetString(DocumentJson.Write(value).Span),
    };

    public static IActionResult Error(int status, ApiError error) => Json(new ErrorBody(error), status);

    public static IActionResult NotFound(string code, string message, string? hint = null) =>
        Error(StatusCodes.Status404NotFound, new ApiError(code, message, hint));

    public static IActionResult BadRequest(string code, string message, string? hint = null) =>
        Error(StatusCodes.Status400BadRequest, new ApiError(code, message, hint));

    /// <summary>An operational failure: 503 when trying again may help, 500 when it will not.</summary>
    public static IActionResult Failure(RecoveryException exception) => Error(
        exception.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        new ApiError(exception.Code, exception.Message, exception.Hint));

    private sealed record ErrorBody(ApiError Error);
}

/// <summary>What went wrong, for people and programs.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Message">The field, the value and what was expected.</param>
/// <param name="Hint">What to do next.</param>
/// <param name="Details">Every mistake, of a plan.</param>
/// <param name="ActiveRunId">The run that is in the way.</param>
internal sealed record ApiError(
    string Code, string Message, string? Hint = null, IReadOnlyList<ApiErrorDetail>? Details = null, string? ActiveRunId = null);

/// <summary>One mistake in a plan.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">The key's path.</param>
/// <param name="Message">The value and what was expected.</param>
internal sealed record ApiErrorDetail(int Line, int Column, string Path, string Message);

/// <summary>Reads request bodies.</summary>
internal static class ApiBody
{
    /// <summary>The largest plan, in bytes, inclusive.</summary>
    private const int MaxBytes = 256 * 1024;

    /// <summary>The largest body of a decision or a start, in bytes, inclusive.</summary>
    private const int MaxJsonBytes = 16 * 1024;

    /// <summary>Reads the body as text.</summary>
    /// <exception cref="ApiBodyException">It is too large, or not UTF-8.</exception>
    public static Task<string> ReadTextAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, MaxBytes, cancellationToken);

    private static async Task<string> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        if (request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        using var buffer = new MemoryStream();
        var block = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(block, cancellationToken)) > 0)
        {
            if (buffer.Length + read > most)
            {
                throw TooLarge(most);
            }

            buffer.Write(block, 0, read);
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        }
        catch (DecoderFallbackException)
        {
            throw new ApiBodyException("The body is not UTF-8 text.");
        }
    }

    /// <summary>Whether a text is JSON, of whatever content.</summary>
    public static bool IsJson(string text)
    {
        try
        {
            // However deep: it is kept, not understood.
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxBytes });
            return true;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Reads the body as a JSON object; an empty body is an empty object.</summary>
    /// <exception cref="ApiBodyException">It is not what is expected; the message names the member.</exception>
    public static async Task<T> ReadJsonAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        var text = await ReadAsync(request, MaxJsonBytes, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize<T>(string.IsNullOrWhiteSpace(text) ? "{}" : text, DocumentJson.Options)
                ?? throw new ApiBodyException("The body is null, expected a JSON object.");
        }
        catch (JsonException exception)
        {
            var member = exception.Path is { Length: > 2 } path ? $"'{path[2..]}'" : "the body";
            throw new ApiBodyException($"{member} is not what is expected: line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}.");
        }
    }

    private static ApiBodyException TooLarge(int most) => new($"The body is larger than {most} bytes.") { IsTooLarge = true };
}

/// <summary>A request's body cannot be used.</summary>
internal sealed class ApiBodyException(string message) : Exception(message)
{
    /// <summary>Whether it was not read to its end.</summary>
    public bool IsTooLarge { get; init; }
}
