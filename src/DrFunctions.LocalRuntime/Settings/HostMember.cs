using System.Globalization;
using System.Text.RegularExpressions;

namespace DrFunctions.LocalRuntime.Settings;

/// <summary>One member of host.json that is honoured.</summary>
/// <param name="Path">Its names from the root, joined by <c>:</c>.</param>
/// <param name="Expected">What a value must be, for messages.</param>
/// <param name="IsValid">Whether a value is that.</param>
internal sealed partial record HostMember(string Path, string Expected, Func<string, bool> IsValid)
{
    public const string Version = "version";
    public const string FunctionTimeout = "functionTimeout";
    public const string RoutePrefix = "extensions:http:routePrefix";
    public const string MaxOutstandingRequests = "extensions:http:maxOutstandingRequests";
    public const string MaxConcurrentRequests = "extensions:http:maxConcurrentRequests";
    public const string HubName = "extensions:durableTask:hubName";
    public const string MaxConcurrentActivities = "extensions:durableTask:maxConcurrentActivityFunctions";
    public const string MaxConcurrentOrchestrators = "extensions:durableTask:maxConcurrentOrchestratorFunctions";
    public const string ExtendedSessions = "extensions:durableTask:extendedSessionsEnabled";
    public const string HubConnection = "extensions:durableTask:storageProvider:connectionName";
    public const string HubPollInterval = "extensions:durableTask:storageProvider:maxQueuePollingInterval";

    private const string AboveZero = "a whole number above 0";
    private const string AboveZeroOrUnlimited = "a whole number above 0, or -1 for no limit";

    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(1);

    // A timer of the platform takes no more.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(49);

    /// <summary>All with a fixed name.</summary>
    public static readonly IReadOnlyList<HostMember> All =
    [
        new(Version, "\"2.0\"", value => value == "2.0"),
        new(FunctionTimeout, "a time span of up to 49 days such as 00:10:00, or -1 for no limit", value => value == "-1" || ToTime(value) <= LongestTimeout),
        new(RoutePrefix, "a path such as api, without parameters, and not that of the host (admin, runtime)", value => IsPrefix(value.Trim('/'))),
        new(MaxOutstandingRequests, AboveZeroOrUnlimited, value => value == "-1" || ToCount(value) > 0),
        new(MaxConcurrentRequests, AboveZeroOrUnlimited, value => value == "-1" || ToCount(value) > 0),
        new(HubName, "a letter, then 2 to 44 letters or digits", value => HubNames().IsMatch(value)),
        new(MaxConcurrentActivities, AboveZero, value => ToCount(value) > 0),
        new(MaxConcurrentOrchestrators, AboveZero, value => ToCount(value) > 0),
        new(ExtendedSessions, "true or false", value => bool.TryParse(value, out _)),
        new(HubConnection, "the name of a setting", value => !string.IsNullOrWhiteSpace(value)),
        new(HubPollInterval, "a time span from 00:00:00.010 to 00:01:00", value => ToTime(value) is { } time && time >= TimeSpan.FromMilliseconds(10) && time <= LongestPoll),
    ];

    /// <summary>A number of things; null where the text is none.</summary>
    public static int? ToCount(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>A time above zero; null where the text is none.</summary>
    public static TimeSpan? ToTime(string? value) =>
        TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero ? time : null;

    private static bool IsPrefix(string value) => value.Length == 0 || (Prefixes().IsMatch(value) && !Reserved().IsMatch(value));

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{2,44}\\z")]
    private static partial Regex HubNames();

    [GeneratedRegex("^[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*\\z")]
    private static partial Regex Prefixes();

    [GeneratedRegex("^(admin|runtime)(/|\\z)", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
