using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Signals.Unreadable;

/// <summary>
/// Signals that nobody could understand, as one thing that a person has to see to: who knows which workload they were about. It belongs
/// to none, and starts nothing.
/// </summary>
/// <param name="Schema">1.</param>
/// <param name="Id"><c>unreadable-</c> and a number, in the order of opening.</param>
/// <param name="OpenedAt">When the first of them came.</param>
/// <param name="LastAt">When the newest of them came.</param>
/// <param name="Count">How many came. One whose delivery died midway may be counted twice.</param>
/// <param name="Examples">Ids of the first ones, at most <see cref="MostExamples"/>.</param>
/// <param name="Reasons">Why they were not understood: the first different ones, at most <see cref="MostReasons"/>.</param>
public sealed record UnreadableIncident(
    int Schema, string Id, DateTimeOffset OpenedAt, DateTimeOffset LastAt, long Count, IReadOnlyList<string> Examples, IReadOnlyList<string> Reasons)
{
    /// <summary>The most ids that are kept in the incident.</summary>
    public const int MostExamples = 20;

    /// <summary>The most reasons that are kept in it.</summary>
    public const int MostReasons = 10;

    /// <summary>The most signals of one incident whose bodies are kept; more are counted only, so that a flood fills no account.</summary>
    public const int MostKept = 1000;

    /// <summary>The person who saw to it; null while it is open.</summary>
    public CallerIdentity? AcknowledgedBy { get; init; }

    /// <summary>When; null while it is open.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>What the person said; null while it is open.</summary>
    public string? Note { get; init; }

    /// <summary>Whether nobody has seen to it.</summary>
    public bool IsOpen => AcknowledgedBy is null;
}
