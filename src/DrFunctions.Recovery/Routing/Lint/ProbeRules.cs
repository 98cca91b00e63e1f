using System.Globalization;
using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.Recovery.Routing.Lint;

/// <summary>The profile finds a dead endpoint, and fast enough: DR-TM-020 to 026.</summary>
internal static class ProbeRules
{
    public static IEnumerable<Finding> Check(TrafficFacts facts)
    {
        var (plan, profile) = (facts.Plan, facts.Profile);
        var id = profile.Id.Value;
        if (profile.Probing is not { } probing)
        {
            return
            [
                new Finding(
                    "DR-TM-020", FindingSeverity.Unknown, id, "the service did not say how it probes", "the profile's monitor settings",
                    "Read the profile with 'az network traffic-manager profile show'."),
            ];
        }

        return new[] { Tolerance(), Speed(), Path(), Protocol() }.OfType<Finding>().Concat(AlwaysServed());

        Finding? Tolerance() => probing.ToleratedFailures > 0 ? null : new Finding(
            "DR-TM-021", FindingSeverity.Warning, id, "0 failures are tolerated: one lost probe takes a region out",
            "1 or more tolerated failures", "Set toleratedNumberOfFailures to 1 or more, with an interval of 10 s if it must be fast.");

        Finding? Speed()
        {
            var takes = probing.SwitchTime(profile.TimeToLive);
            var rto = plan.Objectives.Rto;
            var severity = takes > rto ? FindingSeverity.Error : FindingSeverity.Warning;
            return takes <= rto / 2 ? null : new Finding(
                takes > rto ? "DR-TM-022" : "DR-TM-023", severity, id,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"users may be led to a dead region for {takes.TotalSeconds:0} s: {probing.Interval.TotalSeconds:0} s × {probing.ToleratedFailures + 1} probes + {probing.Timeout.TotalSeconds:0} s + {profile.TimeToLive.TotalSeconds:0} s in DNS caches"),
                string.Create(CultureInfo.InvariantCulture, $"at most half of the RTO of {rto.TotalSeconds:0} s"),
                "Shorten the DNS time to live, the probe interval or the tolerated failures; or ask for a longer RTO.");
        }

        Finding? Path() => probing.Path is not { } path || path == plan.Traffic.Check.AbsolutePath || path == plan.Primary.Health.AbsolutePath
            ? null
            : new Finding(
                "DR-TM-024", FindingSeverity.Warning, id, $"the profile probes '{path}'",
                $"'{plan.Primary.Health.AbsolutePath}', which the plan calls healthy",
                "Let the profile probe the plan's health path, so that both have one opinion.");

        Finding? Protocol() => string.Equals(probing.Protocol, "TCP", StringComparison.OrdinalIgnoreCase)
            ? new Finding(
                "DR-TM-025", FindingSeverity.Warning, id, "the profile probes by TCP, which an app answers that cannot serve",
                "HTTP or HTTPS with the plan's health path", "Probe by HTTPS.")
            : null;

        IEnumerable<Finding> AlwaysServed() => profile.Endpoints.Where(one => one.AlwaysServe).Select(one => new Finding(
            "DR-TM-026", FindingSeverity.Warning, id, $"the endpoint '{one.Name}' is served without being probed",
            "alwaysServe Disabled: users are led to it when it is dead", "Disable alwaysServe, unless only runs may move users."));
    }
}
