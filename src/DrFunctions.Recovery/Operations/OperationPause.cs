namespace DrFunctions.Recovery.Operations;

/// <summary>How long to wait before an operation is asked for again.</summary>
internal static class OperationPause
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>The longest that a service may ask for: Resource Manager's convention allows ten minutes.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What the service asked for; else a quarter of the time since the beginning, so that a short operation is seen to end soon and a
    /// long one costs few requests.
    /// </summary>
    public static TimeSpan Of(TimeSpan? asked, TimeSpan since) =>
        asked is { } wanted ? Clamp(wanted, Shortest, LongestAsked) : Clamp(since / 4, Shortest, Longest);

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
