using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Probes;

namespace DrFunctions.Recovery.Steps.RampTraffic;

/// <summary>Looks at the region that gets users: by two vantages at its health, and at how far its data lags where the step asks for that.</summary>
internal sealed class RampSight(IOutsideProbe probe, LagSampler lag, TimeProvider time)
{
    public async Task<(ProbeFinding Finding, string Summary)> LookAsync(Ramp ramp, CancellationToken cancellationToken)
    {
        // Traffic Manager looks from many places; of an endpoint that is still disabled it says nothing.
        if (string.Equals(ramp.Profile.EndpointNamed(ramp.Target)?.MonitorStatus, "Degraded", StringComparison.OrdinalIgnoreCase))
        {
            return (ProbeFinding.Dead, $"Traffic Manager finds '{ramp.Target}' Degraded");
        }

        var health = ramp.Context.Plan.RegionOf(ramp.Step.To).Health;
        var answer = await probe.GetAsync(health, ramp.Context.Plan.Incidents.ProbeTimeout, cancellationToken);
        return answer.Finding == ProbeFinding.Healthy && await FindLagAsync(ramp, cancellationToken) is { } behind
            ? (ProbeFinding.Unknown, behind)
            : (answer.Finding, $"{health} answered {answer.Summary}");
    }

    // Null when all data is there in time. What lags, or is not known, is waited for: it is no reason to send users back.
    private async Task<string?> FindLagAsync(Ramp ramp, CancellationToken cancellationToken)
    {
        if (ramp.Step.MaxLag is not { } most)
        {
            return null;
        }

        var now = time.GetUtcNow();
        foreach (var reading in await lag.ReadAsync(ramp.Context.Plan, cancellationToken))
        {
            if (reading.SafeUntil is not { } until)
            {
                return $"it is not known how far '{reading.Store}' lags: {reading.Trouble}";
            }

            if (now - until > most)
            {
                return FormattableString.Invariant($"'{reading.Store}' lags {(now - until).TotalSeconds:0} s, expected at most {most.TotalSeconds:0} s");
            }
        }

        return null;
    }
}
