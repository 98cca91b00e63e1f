using System.Diagnostics;
using System.Globalization;
using DrFunctions.Benchmarks.Durable;
using DrFunctions.Cli.Demo;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator.Control;

namespace DrFunctions.Benchmarks.Fleet;

/// <summary>
/// A region with many workloads is lost. First some fail over one after the other, by an alert about each (the engine's own time), then
/// all others at once by one alert about the region; Resource Manager is throttled as the real one.
/// </summary>
internal static class FleetBenchmark
{
    private const int RawWriteCount = 3000;
    private const int KindsShown = 30;
    private const int SlowestShown = 3;
    private static readonly TimeSpan OwnObjective = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static async Task RunAsync(int atOnce, int single)
    {
        var measured = new Measurements();
        await using var fleet = await FleetEnvironment.StartAsync(atOnce + single);
        using var control = new SimulatorClient(fleet.Simulator.Control);
        var raw = await fleet.Control.CreateContainerAsync("raw");
        await measured.RateAsync("raw: small conditional writes of the plain SDK", "/s", RawWriteCount, () => RawWrites.RunAsync(raw, RawWriteCount));
        await PrepareAsync(fleet);
        await fleet.DarkenPrimaryAsync();

        var arm = new ResourceManagerRequests(control);
        await arm.ReportAsync(measured, "before", atOnce + single);

        // All singles in one table: a percentile of one is none.
        var ones = new List<Switch>();
        var requests = fleet.Requests.Read();
        foreach (var workload in fleet.Workloads.Take(single))
        {
            ones.Add(await FailOverAsync(fleet, arm, [workload], at => AlertEvent.Create(
                ResourceId.Parse(workload.PrimarySite),
                FleetWorkload.Primary,
                $"/subscriptions/fleet/providers/Microsoft.AlertsManagement/alerts/{workload.Name}",
                at)));
        }

        Measure(measured, $"one ({single} of them)", ones);
        await arm.ReportAsync(measured, "one", single);
        requests = Count(measured, fleet, requests, single, "one");
        if (atOnce > 0)
        {
            Measure(measured, $"{atOnce} at once", [await FailOverAsync(fleet, arm, [.. fleet.Workloads.Skip(single)], FleetWorkload.RegionAlert)]);
            await arm.ReportAsync(measured, $"{atOnce} at once", atOnce);
            Count(measured, fleet, requests, atOnce, $"{atOnce} at once");
        }

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

    private static async Task<Switch> FailOverAsync(
        FleetEnvironment fleet, ResourceManagerRequests arm, IReadOnlyList<FleetWorkload> workloads, Func<DateTimeOffset, string> alert)
    {
        var at = DateTimeOffset.UtcNow;
        var sent = Stopwatch.GetTimestamp();
        await fleet.DeliverAsync(alert(at));
        var answered = Stopwatch.GetElapsedTime(sent);
        var began = Stopwatch.GetTimestamp();
        var runs = new List<RunView>();
        foreach (var workload in workloads)
        {
            RunView? run;
            while ((run = (await fleet.Client.ListRunsAsync(workload.Name, CancellationToken.None)).Runs is [var newest, ..] ? newest : null) is not { EndedAt: not null })
            {
                Require(began, fleet, $"the run of {workload.Name}, which is {run?.State.ToString() ?? "not there"}");
                await arm.CountAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(workloads.Count == 1 ? 100 : 500));
            }

            runs.Add(run.State == RunState.Completed
                ? run
                : throw new InvalidOperationException($"{run.RunId} is {run.State}: {run.Steps.FirstOrDefault(step => step.Error is not null)?.Error}"));
        }

        return new Switch(at, answered, runs);
    }

    private static IReadOnlyDictionary<string, int> Count(
        Measurements measured, FleetEnvironment fleet, IReadOnlyDictionary<string, int> before, int workloads, string what)
    {
        var after = fleet.Requests.Read();
        var kinds = StorageRequests.Between(before, after);
        measured.Add($"{what}: storage requests of all kinds, for each workload", "", (double)kinds.Sum(one => one.Count) / workloads);
        foreach (var (kind, count) in kinds.Take(KindsShown))
        {
            measured.Add($"  {kind}", "", (double)count / workloads);
        }

        return after;
    }

    private static void Measure(Measurements measured, string what, IReadOnlyList<Switch> switches)
    {
        var all = switches.SelectMany(one => one.Runs.Select(run => (one.At, Run: run))).ToList();
        Percentiles(measured, $"{what}: alert answered", switches.Select(one => one.Answered));
        Percentiles(measured, $"{what}: alert to first step, without the dwell", all.Select(one => Begun(one.Run) - one.At - Dwell));
        Percentiles(measured, $"{what}: alert to users moved", all.Select(one => one.Run.Steps.Single(step => step.Kind == "shiftTraffic").EndedAt!.Value - one.At)); // the run has completed
        Percentiles(measured, $"{what}: between steps, all of a run", all.Select(one => Between(one.Run)));
        Percentiles(measured, $"{what}: engine's own, to the first step and between steps", all.Select(one => Own(one.At, one.Run)));
        Explain(switches);
    }

    /// <summary>Says of the slowest, where the engine's own time is beyond its objective, where that time went.</summary>
    private static void Explain(IReadOnlyList<Switch> switches)
    {
        var slowest = switches
            .SelectMany(one => one.Runs.Select(run => (Switch: one, Run: run, Own: Own(one.At, run))))
            .Where(one => one.Own > OwnObjective)
            .OrderByDescending(one => one.Own);
        foreach (var (one, run, own) in slowest.Take(SlowestShown))
        {
            var ended = run.StartedAt;
            var gaps = new List<string>();
            foreach (var step in run.Steps)
            {
                gaps.Add(FormattableString.Invariant($"{step.Name} {(step.StartedAt!.Value - ended).TotalSeconds:0.00}")); // the run has completed
                ended = step.EndedAt!.Value;
            }

            // Every workload is looked after at the minute, and evaluated at its half: what meets that shares the storage with it.
            Console.WriteLine(FormattableString.Invariant(
                $"  {run.RunId}: {own.TotalSeconds:0.00} s; the alert came {one.At.Second:00} s into a minute and was answered after {one.Answered.TotalSeconds:0.00}; run begun after {(run.StartedAt - one.At - Dwell).TotalSeconds:0.00}, without the dwell; waited before {string.Join(", ", gaps)}, its end {(run.EndedAt!.Value - ended).TotalSeconds:0.00}"));
        }
    }

    private static TimeSpan Dwell => TimeSpan.FromSeconds(FleetWorkload.DwellSeconds);

    private static TimeSpan Own(DateTimeOffset at, RunView run) => Begun(run) - at - Dwell + Between(run);

    private static DateTimeOffset Begun(RunView run) => run.Steps[0].StartedAt!.Value; // the run has completed

    private static TimeSpan Between(RunView run) => run.EndedAt!.Value - Begun(run)
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
/// <param name="Answered">How long the delivery waited for its answer.</param>
/// <param name="Runs">The completed runs.</param>
internal sealed record Switch(DateTimeOffset At, TimeSpan Answered, IReadOnlyList<RunView> Runs);
