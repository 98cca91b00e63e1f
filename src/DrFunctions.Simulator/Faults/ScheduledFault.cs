using System.Text.RegularExpressions;

namespace DrFunctions.Simulator.Faults;

/// <summary>One fault in the schedule, with its times and counts. Guarded by the schedule's lock.</summary>
internal sealed class ScheduledFault(string id, Fault fault)
{
    private readonly Regex? _path = FaultRules.PathOf(fault.Path);
    private int _met;
    private int _hits;

    public string Id { get; } = id;

    public Fault Fault { get; } = fault;

    /// <summary>Cancelled when its time is over or it is removed.</summary>
    public CancellationTokenSource Over { get; } = new();

    /// <summary>Whether nothing but its removal ends it.</summary>
    public bool IsEndless => Until is null && Fault.Count is null;

    /// <summary>When it becomes, or became, active; null while it waits for another.</summary>
    public DateTimeOffset? From { get; private set; }

    /// <summary>When it next begins or ceases, after <paramref name="now"/>; null when it never does by itself.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset now) =>
        From > now ? From : Until > now ? Until : null;

    public bool HasStruck(DateTimeOffset now) => _hits > 0 || DarkFrom(now) is not null;

    /// <summary>When it became dark, whether or not anybody has met it; null when it did not, or is no darkness.</summary>
    public DateTimeOffset? DarkFrom(DateTimeOffset now) => Fault.Kind == FaultKind.Dark && From <= now ? From : null;

    /// <summary>Sets the zero that its times count from.</summary>
    public void Begin(DateTimeOffset zero) => From ??= zero + Fault.At;

    /// <summary>Whether its time is over, also when it was used up before: what hangs by it ends then.</summary>
    public bool IsPast(DateTimeOffset now) => Until <= now;

    public FaultStatus StatusAt(DateTimeOffset now) =>
        From is null || From > now ? FaultStatus.Pending
        : IsUsedUp ? FaultStatus.UsedUp
        : Until <= now ? FaultStatus.Over
        : FaultStatus.Active;

    public bool Matches(FaultQuery query)
    {
        try
        {
            return Fault.On == query.On
                && (Fault.Kind == FaultKind.Dark) == query.Dark
                && Fault.Phase == query.Phase
                && Same(Fault.Name, query.Name)
                && Same(Fault.Method, query.Method)
                && Same(Fault.ResourceType, query.ResourceType)
                && (_path is null || _path.IsMatch(query.Path ?? ""));
        }
        catch (RegexMatchTimeoutException)
        {
            // A pattern that takes forever meets nothing.
            return false;
        }
    }

    /// <summary>Counts a request that it meets.</summary>
    /// <returns>Whether it strikes.</returns>
    public bool Strike()
    {
        if (++_met <= Fault.Skip)
        {
            return false;
        }

        _hits++;
        return true;
    }

    public FaultState StateAt(DateTimeOffset now) => new()
    {
        Id = Id,
        Status = StatusAt(now),
        From = From,
        Until = Until,
        Met = _met,
        Hits = _hits,
        Fault = Fault,
    };

    private DateTimeOffset? Until =>
        From is not { } from ? null
        : Fault.For is { } length ? from + length
        : Fault.Until is { } until ? from - Fault.At + until
        : null;

    private bool IsUsedUp => _hits >= Fault.Count;

    private static bool Same(string? wanted, string? found) =>
        wanted is null || string.Equals(wanted, found, StringComparison.OrdinalIgnoreCase);
}
