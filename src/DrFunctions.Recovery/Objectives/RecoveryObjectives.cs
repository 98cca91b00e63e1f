namespace DrFunctions.Recovery.Objectives;

/// <summary>What the owner asks of a recovery.</summary>
/// <param name="Rpo">Recovery point objective: how much data, in time, may be lost. Greater than zero.</param>
/// <param name="Rto">Recovery time objective: how long the service may be down. Greater than zero.</param>
public sealed record RecoveryObjectives(TimeSpan Rpo, TimeSpan Rto)
{
    /// <summary>The longest objective, inclusive; the shortest is anything above zero.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(365);

    /// <summary>These objectives.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is zero, negative or longer than <see cref="Longest"/>.</exception>
    internal RecoveryObjectives Checked()
    {
        Bounded.Between(Rpo, TimeSpan.FromTicks(1), Longest, nameof(Rpo));
        Bounded.Between(Rto, TimeSpan.FromTicks(1), Longest, nameof(Rto));
        return this;
    }
}
