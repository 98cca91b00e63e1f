using System.Globalization;

namespace DrFunctions.Simulator.Faults;

/// <summary>All faults, in the order they were added, and the clock that they follow. Thread safe.</summary>
internal sealed class FaultSchedule : IDisposable
{
    public const int MaxFaults = 1000;

    // No timer waits longer than some weeks; one that is early looks and waits again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly List<ScheduledFault> _faults = [];
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<string> _regions;
    private readonly ITimer _timer;
    private int _unnamed;

    /// <param name="time">The clock.</param>
    /// <param name="regions">The regions that a fault may name.</param>
    public FaultSchedule(TimeProvider time, params IReadOnlyList<string> regions)
    {
        (_time, _regions) = (time, regions);
        _timer = time.CreateTimer(_ => OnTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Raised when a fault was added or removed, begins or ceases. The handlers run on the clock's thread and must not block.</summary>
    public event Action? Changed;

    public IReadOnlyList<FaultState> States
    {
        get
        {
            lock (_gate)
            {
                var now = _time.GetUtcNow();
                return [.. _faults.Select(fault => fault.StateAt(now))];
            }
        }
    }

    /// <summary>Adds all of them or none; their times count from now.</summary>
    /// <returns>Their ids.</returns>
    /// <exception cref="FaultException">One is not valid; every mistake is named.</exception>
    public IReadOnlyList<string> Add(IReadOnlyList<Fault> faults)
    {
        List<ScheduledFault> added = [];
        lock (_gate)
        {
            var mistakes = Check(faults);
            if (mistakes.Count > 0)
            {
                throw new FaultException(mistakes);
            }

            var now = _time.GetUtcNow();
            foreach (var fault in faults)
            {
                var scheduled = new ScheduledFault(fault.Id ?? NextId(faults), fault);
                if (fault.After is null || Find(fault.After)?.HasStruck(now) == true)
                {
                    scheduled.Begin(now);
                }

                _faults.Add(scheduled);
                added.Add(scheduled);
            }

            Arm(now);
        }

        Changed?.Invoke();
        return [.. added.Select(fault => fault.Id)];
    }

    /// <returns>False when there is no such fault.</returns>
    public bool Remove(string id) => RemoveWhere(fault => Is(fault.Id, id)) > 0;

    public void Clear()
    {
        RemoveWhere(_ => true);
        lock (_gate)
        {
            _unnamed = 0;
        }
    }

    /// <summary>The first active fault that this meets and that strikes, counted; null when none does.</summary>
    public FaultHit? Take(FaultQuery query)
    {
        var waiting = false;
        FaultHit? hit = null;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var fault in _faults)
            {
                if (fault.StatusAt(now) == FaultStatus.Active && fault.Matches(query) && fault.Strike())
                {
                    hit = new FaultHit(fault.Id, fault.Fault, fault.Over.Token);
                    break;
                }
            }

            foreach (var next in hit is null ? [] : _faults.Where(fault => Is(fault.Fault.After, hit.Id)))
            {
                next.Begin(now);
                waiting = true;
            }

            if (waiting)
            {
                Arm(now);
            }
        }

        if (waiting)
        {
            Changed?.Invoke();
        }

        return hit;
    }

    /// <summary>Whether a fault makes it dark now; counts nothing.</summary>
    public bool IsDark(FaultTarget target, string? name = null) => DarkSince(target, name) is not null;

    /// <summary>Since when faults make it dark; null while none does.</summary>
    public DateTimeOffset? DarkSince(FaultTarget target, string? name = null)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            return _faults.Where(fault => IsDarkness(fault, target, name) && fault.StatusAt(now) == FaultStatus.Active).Min(fault => fault.From);
        }
    }

    /// <summary>Makes it dark until <see cref="Light"/>, also where a fault that ends by itself makes it dark now; nothing happens when another one does.</summary>
    public void Darken(FaultTarget target, string? name = null)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (_faults.Any(fault => IsDarkness(fault, target, name) && fault.StatusAt(now) == FaultStatus.Active && fault.IsEndless))
            {
                return;
            }
        }

        Add([new Fault { On = target, Kind = FaultKind.Dark, Name = name }]);
    }

    /// <summary>Removes every fault that makes it dark now.</summary>
    public void Light(FaultTarget target, string? name = null)
    {
        var now = _time.GetUtcNow();
        RemoveWhere(fault => IsDarkness(fault, target, name) && fault.StatusAt(now) == FaultStatus.Active);
    }

    public void Dispose()
    {
        _timer.Dispose();
        Clear();
    }

    private static bool IsDarkness(ScheduledFault fault, FaultTarget target, string? name) =>
        fault.Matches(new FaultQuery(target) { Name = name, Dark = true });

    private static bool Is(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private int RemoveWhere(Predicate<ScheduledFault> wanted)
    {
        List<ScheduledFault> removed;
        lock (_gate)
        {
            removed = _faults.FindAll(wanted);
            _faults.RemoveAll(wanted);
            Arm(_time.GetUtcNow());
        }

        removed.ForEach(fault => fault.Over.Cancel());
        if (removed.Count > 0)
        {
            Changed?.Invoke();
        }

        return removed.Count;
    }

    private void OnTime()
    {
        List<ScheduledFault> over;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            over = _faults.FindAll(fault => fault.IsPast(now));
            Arm(now);
        }

        over.ForEach(fault => fault.Over.Cancel());
        Changed?.Invoke();
    }

    private void Arm(DateTimeOffset now)
    {
        BeginAfterDarkness(now);
        var next = _faults.Select(fault => fault.NextChange(now)).Where(at => at is not null).Min();
        var wait = next is not { } at ? Timeout.InfiniteTimeSpan : at - now < LongestWait ? at - now : LongestWait;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins what waits for a darkness, which strikes when it begins; what begins may itself be a darkness.</summary>
    private void BeginAfterDarkness(DateTimeOffset now)
    {
        while (_faults.Find(fault => fault.From is null && Find(fault.Fault.After!)?.DarkFrom(now) is not null) is { } next)
        {
            next.Begin(Find(next.Fault.After!)!.DarkFrom(now)!.Value); // found
        }
    }

    private ScheduledFault? Find(string id) => _faults.Find(fault => Is(fault.Id, id));

    private string NextId(IReadOnlyList<Fault> beside)
    {
        while (true)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"fault-{++_unnamed}");
            if (Find(id) is null && !beside.Any(fault => Is(fault.Id, id)))
            {
                return id;
            }
        }
    }

    private List<Mistake> Check(IReadOnlyList<Fault> faults)
    {
        var known = _faults.Select(fault => fault.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var mistakes = FaultScript.Check(faults, known);
        mistakes.AddRange(FaultScript.CheckRegions(faults, _regions));
        if (_faults.Count + faults.Count > MaxFaults)
        {
            mistakes.Add(new Mistake("", $"expected at most {MaxFaults} faults and found {_faults.Count + faults.Count}"));
        }

        return mistakes;
    }
}
