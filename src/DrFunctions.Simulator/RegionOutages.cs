using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator;

/// <summary>Which regions are dark and since when. Thread safe.</summary>
internal sealed class RegionOutages(FaultSchedule faults, TimeProvider time)
{
    public bool IsDark(string region) => Since(region) is not null;

    /// <summary>When the region went dark; null while it is not.</summary>
    public DateTimeOffset? Since(string region) => faults.DarkSince(FaultTarget.Region, region);

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
        var (left, right) = (Since(source), Since(target));
        var broken = left < right ? left : right ?? left;
        return (broken ?? time.GetUtcNow()) - lag;
    }
}
