using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Throttling;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>Resource Manager on the wire: its conventions around every request.</summary>
internal sealed partial class ArmEndpoint(
    Scenario scenario, ArmRouter router, RequestThrottle throttle, SeededSource random, TimeProvider time, ILogger<ArmEndpoint> logger)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the request is answered with; never throws for what the client or a provider did.</summary>
    public async Task<ArmResponse> AnswerAsync(HttpRequest request)
    {
        RemainingRequests? remaining = null;
        var path = request.Path.Value ?? "/";
        try
        {
            remaining = throttle.Count(request.Method, path, Authenticate(request));
            var response = router.Route(await ReadAsync(request, path));
            return remaining is null ? response : response.With(remaining.HeaderOr(response.RemainingHeader), Invariant(remaining.Left));
        }
        catch (ArmRejection rejection)
        {
            var response = rejection.ToResponse();
            return remaining is null ? response : response.With(remaining.HeaderOr(null), Invariant(remaining.Left));
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not BadHttpRequestException and not IOException)
        {
            // The border of Resource Manager: what fails inside is answered as its own failure and logged.
            LogFailure(exception, request.Method, path);
            return new ArmRejection(500, "InternalServerError", "The simulator failed: " + exception.Message) { ByService = true }.ToResponse();
        }
    }

    private static async Task<ArmRequest> ReadAsync(HttpRequest request, string path) => new(
        request.Method,
        new ArmScope(null, null),
        path.Split('/', StringSplitOptions.RemoveEmptyEntries),
        request.Query["api-version"].ToString(),
        await ArmBody.ReadAsync(request))
    {
        Path = path,
        Target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        Authority = $"{request.Scheme}://{request.Host}",
        Query = request.Query.ToDictionary(each => each.Key, each => each.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        IfMatch = HeaderOf(request, "If-Match"),
        IfNoneMatch = HeaderOf(request, "If-None-Match"),
    };

    private static string? HeaderOf(HttpRequest request, string name) => request.Headers[name].ToString() is { Length: > 0 } value ? value : null;

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The token of the caller.</summary>
    /// <exception cref="ArmRejection">401: there is none, or not the one.</exception>
    private string Authenticate(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            throw new ArmRejection(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
        }

        const string scheme = "Bearer ";
        var token = header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : "";
        if (token.Length == 0)
        {
            throw new ArmRejection(401, "AuthenticationFailedInvalidHeader", "Authentication failed. The 'Authorization' header is provided in an invalid format.");
        }

        if (scenario.BearerToken is { } expected
            && !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(expected)))
        {
            throw new ArmRejection(401, "InvalidAuthenticationToken", "The access token is invalid.");
        }

        return token;
    }

    /// <summary>Writes an answer with the headers that every answer has.</summary>
    public async Task WriteAsync(HttpContext context, ArmResponse response)
    {
        var headers = context.Response.Headers;
        var requestId = random.NextId("arm/requests").ToString();
        var correlation = context.Request.Headers["x-ms-correlation-request-id"].ToString();
        correlation = correlation.Length > 0 ? correlation : requestId;
        var now = time.GetUtcNow();
        context.Response.StatusCode = response.Status;
        headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
        headers.CacheControl = "no-cache";
        headers["x-ms-request-id"] = requestId;
        headers["x-ms-correlation-request-id"] = correlation;
        headers["x-ms-routing-request-id"] = string.Create(CultureInfo.InvariantCulture, $"SIMULATOR:{now:yyyyMMdd'T'HHmmss'Z'}:{correlation}");
        if (ArmRouter.Is(context.Request.Headers["x-ms-return-client-request-id"].ToString(), "true"))
        {
            headers["x-ms-client-request-id"] = context.Request.Headers["x-ms-client-request-id"];
        }

        foreach (var (name, value) in response.Headers)
        {
            headers[name] = value;
        }

        if (response.FailureCause is { } cause)
        {
            headers["x-ms-failure-cause"] = cause;
        }

        if (response.RetryAfterSeconds is { } seconds)
        {
            headers.RetryAfter = Invariant(seconds);
        }

        if (response.Status == 401)
        {
            headers.WWWAuthenticate = "Bearer authorization_uri=\"https://login.microsoftonline.com/\", error=\"invalid_token\"";
        }

        if (response.Body is null || response.Status == 204 || context.Request.Method == "HEAD")
        {
            context.Response.ContentLength = response.Status == 204 ? null : 0;
            return;
        }

        var json = response.Body.ToJsonString(Plain);
        var octets = Encoding.UTF8.GetBytes(response.EscapesSlashes ? json.Replace("/", "\\/", StringComparison.Ordinal) : json);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = octets.Length;
        await context.Response.Body.WriteAsync(octets, context.RequestAborted);
    }

    [LoggerMessage(EventId = 7101, Level = LogLevel.Error, Message = "Resource Manager failed at {Method} {Path}.")]
    private partial void LogFailure(Exception exception, string method, string path);
}
