using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>
/// The query of a request to the management API. What cannot be read is refused; the official extension passes over it, and a filter
/// with a misspelt date then purges more than was meant.
/// </summary>
internal sealed class ManagementQuery(HttpRequest request)
{
    /// <summary>The header that carries where a listing goes on.</summary>
    public const string Continuation = "x-ms-continuation-token";

    private const int MostOnAPage = 1000;

    public string? Text(string name) => request.Query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;

    public bool Flag(string name, bool otherwise) => Text(name) is not { } text ? otherwise
        : bool.TryParse(text, out var flag) ? flag
        : throw Bad(name, text, "true or false");

    public DateTimeOffset? Time(string name) => Text(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw Bad(name, text, "a time such as 2030-01-31T12:00:00Z");

    public TimeSpan? Seconds(string name) => Text(name) is not { } text ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 3600
            ? TimeSpan.FromSeconds(seconds)
        : throw Bad(name, text, "seconds from 0 to 3600");

    /// <summary>The states of <c>runtimeStatus</c>, given once or more often, each with commas or without; null for all.</summary>
    public IReadOnlyList<OrchestrationRuntimeStatus>? Statuses()
    {
        var names = request.Query["runtimeStatus"]
            .SelectMany(text => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        return names.Count == 0 ? null : [.. names.Select(Status)];
    }

    public int PageSize() => Text("top") is not { } text ? OrchestrationQuery.DefaultPageSize
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MostOnAPage ? size
        : throw Bad("top", text, $"a whole number from 1 to {MostOnAPage}");

    /// <summary>Where the caller's listing goes on.</summary>
    public string? ContinuationToken()
    {
        if (request.Headers[Continuation].FirstOrDefault() is not { Length: > 0 } token)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw new BadQueryException($"The header {Continuation} is not one that an answer has carried.");
        }
    }

    /// <summary>The header's value for a store's token, which may hold what no header may.</summary>
    public static string Header(string continuation) => Convert.ToBase64String(Encoding.UTF8.GetBytes(continuation));

    private static OrchestrationRuntimeStatus Status(string name) =>
        Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status) && Enum.GetNames<OrchestrationRuntimeStatus>().Contains(status.ToString())
            && !char.IsAsciiDigit(name[0])
            ? status
            : throw Bad("runtimeStatus", name, string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>()));

    private static BadQueryException Bad(string name, string value, string expected) => new($"The query's {name} is '{value}', expected {expected}.");
}
