using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Signals;

/// <summary>One alert as it arrived, and what was made of it.</summary>
/// <param name="Id">Lower-case hexadecimal SHA-256 of what makes the alert itself: the same alert delivered again has the same id.</param>
/// <param name="EventType">The event's type.</param>
/// <param name="Subject">The event's subject.</param>
/// <param name="Resources">The resources it speaks of.</param>
/// <param name="Condition">What it says of them.</param>
/// <param name="OccurredAt">When it says it happened; never later than <paramref name="ReceivedAt"/>.</param>
/// <param name="ReceivedAt">When it arrived here.</param>
/// <param name="Title">A few words for people, from the alert.</param>
public sealed record Signal(
    string Id,
    string EventType,
    string Subject,
    IReadOnlyList<ResourceId> Resources,
    SignalCondition Condition,
    DateTimeOffset OccurredAt,
    DateTimeOffset ReceivedAt,
    string Title)
{
    /// <summary>What names the alert for its whole life: the same when it fires and when it is resolved. Default: <see cref="Id"/>.</summary>
    public string Alert { get => field ?? Id; init; }

    /// <summary>
    /// What the alert says itself, by its sender's clock, which orders the signals of one alert whatever this clock says. At most an hour
    /// later than <see cref="ReceivedAt"/>; default <see cref="OccurredAt"/>.
    /// </summary>
    public DateTimeOffset StatedAt { get => field == default ? OccurredAt : field; init; }

    /// <summary>Azure regions that it speaks of as a whole, such as <c>westeurope</c>; most alerts speak of resources alone.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The subscription whose resources in <see cref="Regions"/> are meant; null when it names resources.</summary>
    public string? Subscription { get; init; }
}

/// <summary>What an alert says of its resources.</summary>
public enum SignalCondition
{
    /// <summary>The event is of no kind that is understood.</summary>
    Unreadable,

    /// <summary>Something is wrong.</summary>
    Fired,

    /// <summary>Something is right again.</summary>
    Resolved,

    /// <summary>A person did it on purpose.</summary>
    Intended,

    /// <summary>News that calls for nothing: planned maintenance, advice, the reason of something that another event tells.</summary>
    Informed,
}
