namespace DrFunctions.Recovery.Drills;

/// <summary>When a runbook is drilled.</summary>
/// <param name="Runbook">The runbook's name.</param>
/// <param name="Schedule">Five-field cron expression, read in <paramref name="TimeZone"/>.</param>
/// <param name="TimeZone">IANA time zone.</param>
/// <param name="Blocked">Days on which no drill begins.</param>
public sealed record DrillPolicy(string Runbook, string Schedule, TimeZoneInfo TimeZone, IReadOnlyList<BlockedDays> Blocked)
{
    /// <summary>The days that keep a drill from beginning now, or null.</summary>
    public BlockedDays? BlockingAt(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZone).DateTime);
        return Blocked.FirstOrDefault(days => days.From <= today && today <= days.Until);
    }

    /// <inheritdoc/>
    public bool Equals(DrillPolicy? other) => other is not null
        && (Runbook, Schedule, TimeZone.Id) == (other.Runbook, other.Schedule, other.TimeZone.Id)
        && Blocked.SequenceEqual(other.Blocked);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Runbook, Schedule, TimeZone.Id, Blocked.Count);
}

/// <summary>Days on which no drill begins, in the policy's time zone.</summary>
/// <param name="From">The first, inclusive.</param>
/// <param name="Until">The last, inclusive.</param>
public sealed record BlockedDays(DateOnly From, DateOnly Until);
