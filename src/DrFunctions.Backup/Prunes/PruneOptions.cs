using DrFunctions.Backup.Retention;

namespace DrFunctions.Backup.Prunes;

/// <summary>What a prune does.</summary>
public sealed record PruneOptions
{
    /// <summary>The rules by which snapshots are removed. Default none: only what no snapshot needs goes.</summary>
    public IReadOnlyList<RetentionScope> Retention { get; init; } = [];

    /// <summary>Snapshots to remove whatever the rules say, unless a legal hold is on them. Default none.</summary>
    public IReadOnlySet<string> Remove { get; init; } = new HashSet<string>();

    /// <summary>Snapshots that stay whatever the rules say, by id, with the reason in words; a person who names one (<see cref="Remove"/>) removes it all the same. Default none.</summary>
    public IReadOnlyDictionary<string, string> Keep { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Snapshots that cannot be read, by id, of which a person says that nothing more is to be kept for them. While any other snapshot cannot be read, no pack is removed. Default none.
    /// </summary>
    public IReadOnlySet<string> GivenUp { get; init; } = new HashSet<string>();

    /// <summary>Says what would be done and does nothing. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// For how long what is to be removed is still there for those who read: one such time from its being condemned to its being doomed, and another one until it is gone. Default a day; at least
    /// <see cref="Margin"/>. Writers are safe whatever it is.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(1);

    /// <summary>After so long a backup that is not complete is given up: it cannot become visible any more. Default 7 days; at least <see cref="Margin"/>.</summary>
    public TimeSpan WriterLife { get; init; } = TimeSpan.FromDays(7);

    /// <summary>By how much what is listed, and the clocks of the storage's machines, may be late. Default an hour; above zero.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The share of the packs that may be bytes that nobody needs, 0 to 1: the most wasteful packs are written anew until it is that low. Default 0.05.</summary>
    public double MaxUnused { get; init; } = 0.05;

    /// <summary>What is wrong with the options, by name, value and expectation; null when nothing is.</summary>
    public string? Mistake =>
        Margin <= TimeSpan.Zero ? $"margin is {Margin}; expected more than 0"
        : Grace < Margin ? $"grace is {Grace}; expected at least the margin, {Margin}"
        : WriterLife < Margin ? $"writer life is {WriterLife}; expected at least the margin, {Margin}"
        : MaxUnused is not (>= 0 and <= 1) ? $"max unused is {MaxUnused}; expected 0 to 1"
        : Retention.Select(scope => scope.Rules.Mistake).FirstOrDefault(mistake => mistake is not null);
}
