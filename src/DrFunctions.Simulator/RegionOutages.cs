using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator;

/// <summary>Which regions are dark, since when, and when they were before. Thread safe.</summary>
internal sealed class RegionOutages : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(string Region, DateTimeOffset From, DateTimeOffset? To)> _outages = [];
    private readonly FaultSchedule _faults;
    private readonly IReadOnlyList<string> _regions;
    private readonly TimeProvider _time;

    public RegionOutages(FaultSchedule faults, IReadOnlyList<string> regions, TimeProvider time)
    {
        (_faults, _regions, _time) = (faults, regions, time);
        faults.Changed += Follow;
    }

    public bool IsDark(string region) => _faults.IsDark(FaultTarget.Region, region);

    /// <summary>When the region went dark, by whichever fault was the first of those that have kept it dark since; null while it is not.</summary>
    public DateTimeOffset? Since(string region)
    {
        Follow();
        lock (_gate)
        {
            return _outages.Find(each => each.To is null && ArmRouter.Is(each.Region, region)) is { Region: not null } outage ? outage.From : null;
        }
    }

    /// <summary>The refusal of a write to a resource whose region is dark.</summary>
    /// <exception cref="ArmRejection">503: it is.</exception>
    public void RequireLit(string region)
    {
        if (IsDark(region))
        {
            throw ArmRejection.FromService(503, "ServiceUnavailable", $"The service is unavailable in region '{region}'. Try again later.");
        }
    }

    /// <summary>Until when what was written in one region has reached another one that follows it with the lag.</summary>
    public DateTimeOffset SyncedUntil(string source, string target, TimeSpan lag)
    {
        Follow();
        lock (_gate)
        {
            // Back to the last moment at which neither of them was dark; what is up again has caught up at once.
            var moment = _time.GetUtcNow();
            while (_outages.FindIndex(each => each.From < moment && moment <= (each.To ?? DateTimeOffset.MaxValue)
                && (ArmRouter.Is(each.Region, source) || ArmRouter.Is(each.Region, target))) is >= 0 and var index)
            {
                moment = _outages[index].From;
            }

            return moment - lag;
        }
    }

    /// <summary>Since when the region has not been dark; null when it always was up.</summary>
    public DateTimeOffset? UpSince(string region)
    {
        Follow();
        lock (_gate)
        {
            return _outages.Where(each => ArmRouter.Is(each.Region, region)).Max(each => each.To);
        }
    }

    /// <summary>Forgets the outages that are over.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _outages.RemoveAll(each => each.To is not null);
        }
    }

    public void Dispose() => _faults.Changed -= Follow;

    private void Follow()
    {
        lock (_gate)
        {
            foreach (var region in _regions)
            {
                var since = _faults.DarkSince(FaultTarget.Region, region);
                var index = _outages.FindIndex(each => each.To is null && ArmRouter.Is(each.Region, region));
                if (since is { } from && index < 0)
                {
                    _outages.Add((region, from, null));
                }
                else if (since is null && index >= 0)
                {
                    _outages[index] = _outages[index] with { To = _time.GetUtcNow() };
                }
            }
        }
    }
}
