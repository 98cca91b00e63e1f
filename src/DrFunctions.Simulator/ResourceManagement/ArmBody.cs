using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>Reads the body of a request: JSON, an object, at most 4 MB, no member twice.</summary>
internal static class ArmBody
{
    /// <summary>Resource Manager's own limit, bytes, inclusive.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };
    private static readonly JsonNodeOptions IgnoreCase = new() { PropertyNameCaseInsensitive = true };

    /// <summary>The body; null when there is none.</summary>
    /// <exception cref="ArmRejection">It is too large, not declared as JSON or not a JSON object.</exception>
    public static async Task<JsonObject?> ReadAsync(HttpRequest request)
    {
        // Somewhat more is read and thrown away, because a client that still writes would not see the answer.
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = 2 * MaxBytes;
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        long length = 0;
        int read;
        while ((read = await ReadAsync(request, chunk)) > 0)
        {
            length += read;
            if (length <= MaxBytes)
            {
                buffer.Write(chunk, 0, read);
            }
        }

        if (length > MaxBytes)
        {
            throw TooLarge();
        }

        if (buffer.Length == 0)
        {
            return null;
        }

        if (!request.HasJsonContentType())
        {
            throw new ArmRejection(
                415, "UnsupportedMediaType", $"The content media type '{request.ContentType}' is not supported. Only 'application/json' is supported.");
        }

        return Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static async Task<int> ReadAsync(HttpRequest request, byte[] chunk)
    {
        try
        {
            return await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge();
        }
    }

    /// <summary>A deep copy whose member names are compared ignoring case.</summary>
    public static JsonObject Copy(JsonObject body) => JsonNode.Parse(body.ToJsonString(), IgnoreCase)!.AsObject(); // the text of an object

    private static JsonObject Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json, IgnoreCase, Strict) as JsonObject
                ?? throw ArmRejection.BadRequest("InvalidRequestContent", "The request content was invalid: expected a JSON object.");
        }
        catch (JsonException exception)
        {
            throw ArmRejection.BadRequest(
                "InvalidRequestContent", "The request content was invalid and could not be deserialized: '" + exception.Message + "'.");
        }
    }

    private static ArmRejection TooLarge() =>
        new(413, "RequestEntityTooLarge", $"The request content is larger than the limit of {MaxBytes} bytes.");
}
