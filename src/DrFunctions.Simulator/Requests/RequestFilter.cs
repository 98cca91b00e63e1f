using System.Text.RegularExpressions;

namespace DrFunctions.Simulator.Requests;

/// <summary>Which logged requests are wanted; a member that is null does not narrow.</summary>
public sealed record RequestFilter
{
    /// <summary>The most that one page holds.</summary>
    public const int MaxLimit = 10_000;

    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>The wire or its first part: <c>web</c> is every region's.</summary>
    public string? Wire { get; init; }

    /// <summary>The method, ignoring case.</summary>
    public string? Method { get; init; }

    /// <summary>A regular expression that some part of the path must match, ignoring case.</summary>
    public string? Path { get; init; }

    /// <summary>The status answered.</summary>
    public int? Status { get; init; }

    /// <summary>The id of the fault that struck.</summary>
    public string? Fault { get; init; }

    /// <summary>Only probes, or none of them.</summary>
    public bool? Probe { get; init; }

    /// <summary>Only what was logged after the page whose <see cref="RequestPage.Next"/> this is; default 0, everything kept.</summary>
    public long After { get; init; }

    /// <summary>How many at most, 1 to <see cref="MaxLimit"/>, the oldest first; default all.</summary>
    public int Limit { get; init; } = MaxLimit;

    /// <summary>The predicate.</summary>
    /// <exception cref="ArgumentException">A member is out of range or no regular expression.</exception>
    internal Func<LoggedRequest, bool> Compile()
    {
        if (Limit is < 1 or > MaxLimit)
        {
            throw new ArgumentException($"limit: expected 1 to {MaxLimit} and found {Limit}");
        }

        Regex? path;
        try
        {
            path = Path is null ? null : new Regex(Path, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"path: '{Path}' is not a regular expression: {exception.Message}", exception);
        }

        return request => (Wire is null || Is(request.Wire, Wire) || request.Wire.StartsWith(Wire + "/", StringComparison.OrdinalIgnoreCase))
            && (Method is null || Is(request.Method, Method))
            && (Status is null || request.Status == Status)
            && (Fault is null || Is(request.Fault, Fault))
            && (Probe is null || request.Probe == Probe)
            && (path is null || path.IsMatch(request.Path));

        static bool Is(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Logged requests that a filter let through.</summary>
/// <param name="Requests">In the order of their time; at one time by wire and sequence.</param>
/// <param name="Next">What <see cref="RequestFilter.After"/> takes to go on from here.</param>
/// <param name="Dropped">How many requests were forgotten since the log began, because it keeps the last <see cref="RequestFilter.MaxLimit"/> only.</param>
public sealed record RequestPage(IReadOnlyList<LoggedRequest> Requests, long Next, long Dropped);
