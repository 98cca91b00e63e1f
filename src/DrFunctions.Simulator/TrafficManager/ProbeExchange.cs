using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Requests;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>One probe of an endpoint with its scripted fault, written to the request log.</summary>
internal sealed class ProbeExchange(EndpointProber prober, FaultSchedule faults, FaultDelay delay, RequestLog log, TimeProvider time)
{
    /// <summary>Never throws for what the target does; only when <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task<ProbeOutcome> ProbeAsync(
        TrafficProfile profile, TrafficEndpoint endpoint, IEnumerable<CustomHeader> headers, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var name = $"{profile.Name}/{endpoint.Name}";
        var hit = faults.Take(new FaultQuery(FaultTarget.Probe) { Name = name });
        var outcome = hit is null ? null : await StrikeAsync(hit, profile.Monitor, cancellationToken);
        outcome ??= await prober.ProbeAsync(endpoint.Target, profile.Monitor, headers, cancellationToken);
        var tcp = profile.Monitor.Protocol == MonitorProtocol.TCP;
        log.Add(new LoggedRequest
        {
            Wire = "probe/" + name,
            Sequence = 0,
            Time = began,
            Duration = time.GetUtcNow() - began,
            Method = tcp ? "CONNECT" : "GET",
            Host = endpoint.Target,
            Path = tcp ? "" : profile.Monitor.Path ?? "/",
            Status = outcome.Status,
            Answer = outcome.Text,
            Fault = hit?.Id,
            Probe = true,
        });
        return outcome;
    }

    /// <summary>Null when the probe goes on.</summary>
    private async Task<ProbeOutcome?> StrikeAsync(FaultHit hit, MonitorConfig monitor, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(monitor.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (!await delay.PassAsync(hit, either.Token))
            {
                return new ProbeOutcome(false, "the connection was closed without an answer");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeOutcome.TooLate(monitor);
        }

        return hit.Fault.Kind == FaultKind.Error ? ProbeOutcome.OfStatus(hit.Fault.Status ?? 500, monitor) : null;
    }
}
