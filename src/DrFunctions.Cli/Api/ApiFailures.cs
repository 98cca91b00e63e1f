using System.Net;
using System.Text.Json;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Cli.Api;

/// <summary>What the app's refusals mean to the person at the command line.</summary>
internal static class ApiFailures
{
    /// <summary>The app did not answer.</summary>
    public static CliException NoAnswer(AppConnection connection, string cause, Exception failure) => new(
        "Unreachable",
        $"The function app at {connection.Url} does not answer: {cause.TrimEnd('.')}.",
        "Is it running? Start a local one with dr up, or name another with --url.",
        failure)
    {
        IsTransient = true,
    };

    /// <summary>The app refused.</summary>
    public static CliException Of(AppConnection connection, HttpRequestMessage request, HttpStatusCode status, string body)
    {
        var error = Read(body);
        var called = $"{request.Method} {request.RequestUri!.AbsolutePath}"; // a sent request has a URL; its query may hold a key
        return status switch
        {
            HttpStatusCode.Unauthorized when error is null => new CliException("Unauthorized",
                $"The function app at {connection.Url} refused the function key ({(int)status} to {called}).",
                "Set DR_FUNCTION_KEY to a function key of this app; in Azure: az functionapp keys list."),
            HttpStatusCode.Unauthorized => new CliException("Unauthorized",
                $"The function app at {connection.Url} refused the personal key from {connection.KeySource} ({(int)status} to {called}): {error.Message}",
                "Set DR_KEY to your own key; whoever keeps the list of people makes one with dr people add."),
            HttpStatusCode.Forbidden => new CliException("Unauthorized",
                error?.Message ?? $"The function app at {connection.Url} refused {called}.",
                error?.Hint ?? "Ask whoever runs the app."),
            HttpStatusCode.TooManyRequests => From("TooManyRequests", error ?? new ApiError("TooManyRequests", $"Too many requests to {connection.Url}."), isTransient: true),
            HttpStatusCode.NotFound when error is null => new CliException("NotFound",
                $"The function app at {connection.Url} does not know {called}.",
                "Check that --url names the root of a DrFunctions app of this version."),
            _ when error is null => new CliException("Failed",
                $"The function app at {connection.Url} answered {(int)status} to {called}.",
                "Look into the app's log; locally it is .dr/logs/app.log.")
            { IsTransient = (int)status >= 500 },
            HttpStatusCode.BadRequest => From("BadInput", error),
            HttpStatusCode.NotFound => From("NotFound", error),
            HttpStatusCode.Conflict when error.ActiveRunId is { } run => new CliException("RunActive",
                error.Message.Contains(run, StringComparison.Ordinal) ? error.Message : $"{error.Message} The active run is {run}.",
                $"Watch it with dr run watch {run}, or stop it between two steps with dr run cancel {run}."),
            _ => From(error.Code, error, status == HttpStatusCode.ServiceUnavailable),
        };
    }

    private static CliException From(string code, ApiError error, bool isTransient = false) => new(code, error.Message, error.Hint ?? "")
    {
        IsTransient = isTransient,
        Details = [.. (error.Details ?? []).Select(detail => detail.ToString())],
    };

    private static ApiError? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<ApiErrorBody>(body, DocumentJson.Options)?.Error;
        }
        catch (JsonException)
        {
            return null; // a host or a proxy answered, not the app: the status says it all
        }
    }
}
