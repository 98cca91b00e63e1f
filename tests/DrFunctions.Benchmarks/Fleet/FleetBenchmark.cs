using System.Diagnostics;
using System.Globalization;
using DrFunctions.Benchmarks.Durable;
using DrFunctions.Cli.Demo;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Requests;

namespace DrFunctions.Benchmarks.Fleet;

/// <summary>
/// A region with many workloads is lost. First some fail over one after the other (the engine's own time), then all others at once, by one
/// alert each; Resource Manager is throttled as the real one.
/// </summary>
internal static class FleetBenchmark
{
    private const int RawWriteCount = 3000;

    // Each event is a delivery of its own, as Event Grid does it where batching is off, its default.
    private const int DeliveriesAtOnce = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static async Task RunAsync(int atOnce, int single)
    {
        var measured = new Measurements();
        await using var fleet = await FleetEnvironment.StartAsync(atOnce + single);
        var raw = await fleet.Control.CreateContainerAsync("raw");
        await measured.RateAsync("raw: small conditional writes of the plain SDK", "/s", RawWriteCount, () => RawWrites.RunAsync(raw, RawWriteCount));
        await PrepareAsync(fleet);
        await fleet.DarkenPrimaryAsync();

        foreach (var workload in fleet.Workloads.Take(single))
        {
            Measure(measured, "one", [await FailOverAsync(fleet, [workload])]);
        }

        var all = await FailOverAsync(fleet, [.. fleet.Workloads.Skip(single)]);
        Measure(measured, $"{atOnce} at once", [all]);
        using var control = new SimulatorClient(fleet.Simulator.Control);
        var refused = await control.GetRequestsAsync(new RequestFilter { Wire = "arm", Status = 429 });
        measured.Add("Resource Manager: requests refused with 429", "", refused.Requests.Count);
        measured.Report();
    }

    /// <summary>Applies the plans and waits until each has its first backup in both regions: a standby without one is not ready.</summary>
    private static async Task PrepareAsync(FleetEnvironment fleet)
    {
        await Parallel.ForEachAsync(fleet.Workloads, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (workload, token) =>
            await fleet.Client.ApplyPlanAsync(workload.Name, workload.Yaml, token));
        await fleet.TickAsync();
        var began = Stopwatch.GetTimestamp();
        foreach (var workload in fleet.Workloads)
        {
            while (!(await fleet.Client.ListBackupsAsync(workload.Name, CancellationToken.None)).Backups.Any(backup => backup.State == "copied"))
            {
                Require(began, fleet, $"the first backup of {workload.Name}");
                await Task.Delay(TimeSpan.FromMilliseconds(500));
            }
        }
    }

    private static async Task<Switch> FailOverAsync(FleetEnvironment fleet, IReadOnlyList<FleetWorkload> workloads)
    {
        var at = DateTimeOffset.UtcNow;
        await Parallel.ForEachAsync(workloads, new ParallelOptions { MaxDegreeOfParallelism = DeliveriesAtOnce }, async (workload, _) =>
            await fleet.DeliverAsync(AlertEvent.Create(
                ResourceId.Parse(workload.PrimarySite),
                FleetWorkload.Primary,
                $"/subscriptions/fleet/providers/Microsoft.AlertsManagement/alerts/{workload.Name}",
                at)));
        var began = Stopwatch.GetTimestamp();
        var runs = new List<RunView>();
        foreach (var workload in workloads)
        {
            RunView? run;
            while ((run = (await fleet.Client.ListRunsAsync(workload.Name, CancellationToken.None)).Runs is [var newest, ..] ? newest : null) is not { EndedAt: not null })
            {
                Require(began, fleet, $"the run of {workload.Name}, which is {run?.State.ToString() ?? "not there"}");
                await Task.Delay(TimeSpan.FromMilliseconds(workloads.Count == 1 ? 100 : 500));
            }

            runs.Add(run.State == RunState.Completed
                ? run
                : throw new InvalidOperationException($"{run.RunId} is {run.State}: {run.Steps.FirstOrDefault(step => step.Error is not null)?.Error}"));
        }

        return new Switch(at, runs);
    }

    private static void Measure(Measurements measured, string what, IReadOnlyList<Switch> switches)
    {
        foreach (var (at, runs) in switches)
        {
            Percentiles(measured, $"{what}: alert to first step, without the dwell", runs.Select(run => Begun(run) - at - TimeSpan.FromSeconds(FleetWorkload.DwellSeconds)));
            Percentiles(measured, $"{what}: alert to users moved", runs.Select(run => run.Steps.Single(step => step.Kind == "shiftTraffic").EndedAt!.Value - at));
            Percentiles(measured, $"{what}: between steps, all of a run", runs.Select(Between));
        }
    }

    private static DateTimeOffset Begun(RunView run) => run.Steps[0].StartedAt!.Value; // the run has completed

    private static TimeSpan Between(RunView run) => run.EndedAt!.Value - run.StartedAt
        - run.Steps.Aggregate(TimeSpan.Zero, (sum, step) => sum + (step.EndedAt!.Value - step.StartedAt!.Value)); // the run has completed

    private static void Percentiles(Measurements measured, string name, IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(time => time.TotalSeconds).Order().ToList();
        if (sorted.Count == 1)
        {
            measured.Add(name, "s", sorted[0]);
            return;
        }

        measured.Add(name + ", p50", "s", At(0.5));
        measured.Add(name + ", p99", "s", At(0.99));

        double At(double share) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];
    }

    private static void Require(long began, FleetEnvironment fleet, string what)
    {
        if (Stopwatch.GetElapsedTime(began) > Patience)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"Waited {Patience} for {what}.\n{fleet.LogTail()}"));
        }
    }
}

/// <summary>One or more workloads switched over.</summary>
/// <param name="At">When the alert was delivered.</param>
/// <param name="Runs">The completed runs.</param>
internal sealed record Switch(DateTimeOffset At, IReadOnlyList<RunView> Runs);
