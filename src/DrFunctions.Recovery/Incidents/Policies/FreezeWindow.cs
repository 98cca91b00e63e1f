namespace DrFunctions.Recovery.Incidents.Policies;

/// <summary>A time in which no run starts by itself. Either weekly, or once between two local times.</summary>
/// <param name="Name">Name in the plan.</param>
/// <param name="Zone">Whose clock is meant.</param>
public abstract record FreezeWindow(string Name, TimeZoneInfo Zone)
{
    /// <summary>When the window that this moment lies in ends; null when it lies in none. The end itself is outside.</summary>
    public abstract DateTimeOffset? EndAt(DateTimeOffset moment);

    /// <summary>The instant of a local time; one that the clock skips is the one an hour later, one that it shows twice the later.</summary>
    protected DateTimeOffset Instant(DateTime local)
    {
        var valid = Zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        var offset = Zone.IsAmbiguousTime(valid) ? Zone.GetAmbiguousTimeOffsets(valid).Min() : Zone.GetUtcOffset(valid);
        return new DateTimeOffset(valid, offset);
    }
}

/// <summary>A window of certain days of the week.</summary>
/// <param name="Name">Name in the plan.</param>
/// <param name="Zone">Whose clock is meant.</param>
/// <param name="Days">The days on which it begins.</param>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends; not later than <paramref name="From"/> means on the next day.</param>
public sealed record WeeklyFreeze(string Name, TimeZoneInfo Zone, IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To)
    : FreezeWindow(Name, Zone)
{
    /// <inheritdoc/>
    public override DateTimeOffset? EndAt(DateTimeOffset moment)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Zone).DateTime);
        foreach (var day in new[] { today.AddDays(-1), today }.Where(day => Days.Contains(day.DayOfWeek)))
        {
            var (begins, ends) = (Instant(day.ToDateTime(From)), Instant((To > From ? day : day.AddDays(1)).ToDateTime(To)));
            if (begins <= moment && moment < ends)
            {
                return ends;
            }
        }

        return null;
    }
}

/// <summary>A window between two local times.</summary>
/// <param name="Name">Name in the plan.</param>
/// <param name="Zone">Whose clock is meant.</param>
/// <param name="Begins">Its first moment.</param>
/// <param name="Ends">The first moment after it.</param>
public sealed record DatedFreeze(string Name, TimeZoneInfo Zone, DateTime Begins, DateTime Ends) : FreezeWindow(Name, Zone)
{
    /// <inheritdoc/>
    public override DateTimeOffset? EndAt(DateTimeOffset moment) =>
        Instant(Begins) <= moment && moment < Instant(Ends) ? Instant(Ends) : null;
}
