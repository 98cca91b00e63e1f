using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Identity;
using DrFunctions.Recovery;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>Refusals and silence of Resource Manager, as failures with a stable code and a hint.</summary>
internal static class ResourceManagerFailure
{
    private const int LongestText = 500;

    /// <summary>The network provider's 429 for a resource that another operation changes.</summary>
    private const string AnotherOperation = "RetryableErrorDueToAnotherOperation";

    /// <summary>An answer that is an error, in Resource Manager's form <c>{"error":{…}}</c> or the flat one of some providers.</summary>
    public static RecoveryException Refused(string what, Response response)
    {
        var (code, text) = ReadError(response);
        var message = $"{what}: status {response.Status}, {code ?? "no error code"}{(text is null ? "." : $": {text}")}";
        return response.Status switch
        {
            401 => new("AuthenticationFailed", message, false, "Check the app's identity and the tenant of the subscription."),
            403 => new("AuthorizationFailed", message, false, "Give the app's identity the role that the message names, then retry the step."),
            404 => new("ResourceNotFound", message, false, "Check the id in the plan, or create the resource, then retry the step."),
            409 when code is "ScopeLocked" => new(
                "ResourceLocked", message, false, "Remove the management lock from the resource, then retry the step."),
            409 => new("ResourceBusy", message, true, "Another operation changes the resource; retry when it has ended."),
            429 when code is AnotherOperation => new(
                "ResourceBusy", message, true, "Another operation changes the resource; retry when it has ended."),
            429 => new("Throttled", message + Wait(response), true, "Too many requests to Resource Manager; retry after the time it names.")
            {
                RetryAfter = RetryAfter.Of(response),
            },
            408 or >= 500 => new("ResourceManagerUnavailable", message, true, "Check Azure's status; retry the step when Resource Manager is back."),
            _ => new("ResourceManagerRefused", message, false, "The request does not suit the resource; the message says what was wrong with it."),
        };
    }

    /// <summary>True for a 429 that is about the number of requests.</summary>
    public static bool IsThrottling(Response response) => response.Status == 429 && ReadError(response).Code is not AnotherOperation;

    /// <summary>True for what the client throws when no answer came; false for the caller's own cancellation.</summary>
    public static bool IsSilence(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AggregateException many => many.InnerExceptions.All(one => IsSilence(one, cancellationToken)),
        RequestFailedException or AuthenticationFailedException or IOException => true,
        _ => false,
    };

    /// <summary>No answer came.</summary>
    public static RecoveryException Silent(string what, Uri endpoint, Exception exception)
    {
        var causes = Causes(exception).ToList();
        if (causes.OfType<AuthenticationFailedException>().Any())
        {
            return new("AuthenticationFailed", $"{what}: no token for the app's identity.", true,
                "Check that the app has a managed identity, or sign in with 'az login'.", exception);
        }

        if (causes.OfType<AuthenticationException>().Any())
        {
            return new("ResourceManagerUntrusted", $"{what}: the certificate of {endpoint} is not trusted.", false,
                "For a simulator set Dr__ResourceManagerThumbprint to its thumbprint; otherwise something stands in between.", exception);
        }

        var why = causes.OfType<OperationCanceledException>().Any() ? "did not answer in time" : "cannot be reached";
        return new("ResourceManagerUnavailable", $"{what}: {endpoint} {why}.", true,
            "Check the network and Azure's status; retry the step when Resource Manager is back.", exception);
    }

    /// <summary>An exception and all that led to it.</summary>
    public static IEnumerable<Exception> Causes(Exception exception)
    {
        var inner = exception is AggregateException many ? many.InnerExceptions
            : exception.InnerException is { } one ? [one] : (IEnumerable<Exception>)[];
        return inner.SelectMany(Causes).Prepend(exception);
    }

    private static string Wait(Response response) =>
        RetryAfter.Of(response) is { } wait ? FormattableString.Invariant($" Retry after {wait.TotalSeconds} s.") : "";

    /// <summary>The code and the words of an error, each on one line; null where there is none.</summary>
    public static (string? Code, string? Text) ReadError(Response response)
    {
        try
        {
            // App Service capitalises its members.
            var body = JsonNode.Parse(response.Content.ToMemory().Span, new JsonNodeOptions { PropertyNameCaseInsensitive = true }) as JsonObject;
            var error = body?["error"] as JsonObject ?? body;
            return (Text(error?["code"]), Text(error?["message"]));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // A proxy's page, or a property twice: the status must do.
            return (null, null);
        }
    }

    /// <summary>A string of the answer on one line, bounded.</summary>
    public static string? Text(JsonNode? node)
    {
        if (node is not JsonValue value || !value.TryGetValue<string>(out var text))
        {
            return null;
        }

        var line = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        return line.Length == 0 ? null : line.Length <= LongestText ? line : line[..LongestText] + "…";
    }
}
