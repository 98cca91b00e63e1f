using DrFunctions.Benchmarks.Durable;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Requests;

namespace DrFunctions.Benchmarks.Fleet;

/// <summary>Counts what Resource Manager is asked. The simulator keeps the last requests only: ask often.</summary>
internal sealed class ResourceManagerRequests(SimulatorClient simulator)
{
    private long _next;
    private int _reads;
    private int _writes;
    private int _refused;

    /// <summary>Counts what has come since.</summary>
    public async Task CountAsync()
    {
        var page = await simulator.GetRequestsAsync(new RequestFilter { Wire = "resource-manager", After = _next });
        _next = page.Next;
        _reads += page.Requests.Count(request => request.Method == "GET");
        _writes += page.Requests.Count(request => request.Method != "GET");
        _refused += page.Requests.Count(request => request.Status == 429);
    }

    /// <summary>Tells what was counted, for each workload, and begins anew.</summary>
    public async Task ReportAsync(Measurements measured, string what, int workloads)
    {
        await CountAsync();
        measured.Add($"{what}: Resource Manager's reads, for each workload", "", (double)_reads / workloads);
        measured.Add($"{what}: Resource Manager's writes, for each workload", "", (double)_writes / workloads);
        measured.Add($"{what}: refused with 429, all", "", _refused);
        (_reads, _writes, _refused) = (0, 0, 0);
    }
}
