using System.Globalization;
using DrFunctions.Benchmarks;
using DrFunctions.Benchmarks.Durable;
using DrFunctions.Benchmarks.Engine;
using DrFunctions.Benchmarks.Fleet;

const string Help = """
    Measures the backup engine and the durable engine on this machine. Build it optimised:

      dotnet run -c Release --project tests/DrFunctions.Benchmarks -- blobs [MiB] [rounds]
      dotnet run -c Release --project tests/DrFunctions.Benchmarks -- engine FOLDER [rounds] [dr] [restic] [rclone]
      dotnet run -c Release --project tests/DrFunctions.Benchmarks -- memory GIB
      dotnet run -c Release --project tests/DrFunctions.Benchmarks -- scale [snapshots] [chunks]
      dotnet run -c Release --project tests/DrFunctions.Benchmarks -- added FOLDER [rounds] [program arguments…]
      dotnet run -c Release --project tests/DrFunctions.Benchmarks -- durable [instances] [rounds]
      dotnet run -c Release --project tests/DrFunctions.Benchmarks -- hub [instances]
      dotnet run -c Release --project tests/DrFunctions.Benchmarks -- fleet [workloads] [single]

    blobs    Backs up, copies, checks and restores blobs (default 200 MiB, 3 rounds) between two accounts of one Azurite, on disk, beside
             the plain SDK doing what cannot be avoided: download and upload of the same bytes, as many at once. The steps
             of a round follow one another; every round has a new emulator. Ratios below 1 are faster than the plain SDK.
    engine   Backs up FOLDER to an Azurite, again unchanged, again after 1 % of its files were changed (in FOLDER itself),
             checks all data and restores it; each step a process of its own, from a cold start: dr's, where its path is given (dotnet publish
             src/DrFunctions.Cli -c Release -r linux-x64), else (-) this program's. With the path of a restic, the same by restic's own Azure backend, and with the
             word rclone by restic through rclone, each on an emulator of its own at port 10000, which must be free (run it in a network namespace: unshare -rn).
    added    Backs up FOLDER into memory, then again after each of some changes of 1 % (in FOLDER itself, by this program or by the given one, which gets the folder
             and a number), and prints the bytes of each kind that were added.
    memory   Backs up GIB gibibytes of random content that exists only while it is read into a repository that keeps no pack; prints the process's peak.
    scale    Makes a repository of many snapshots (default 1,000, by twenties) and chunks (default 5,000,000) without the chunks' content in the temporary folder; then opens it,
             lists it, plans a chain, looks at what a writer looks at, backs up a workload that has not changed, locates all chunks of a snapshot, and plans a prune, each in a
             process of its own: time, peak memory, requests, bytes read.
    durable  Runs orchestrations in memory and on an Azurite, beside small conditional writes of the plain SDK, as many at once (3 rounds);
             replays histories of growing length; then leaves many finished instances in memory (default 100,000), a tenth on the
             Azurite, and measures what they cost.
    hub      Queries, purges and takes over a hub of finished instances (default 100,000) on an Azurite.
    fleet    A region with many workloads is lost. Some fail over one after the other (default 20), then all others at once (default 200)
             by one alert about the region, by the app in a process of its own, on three Azurites and the simulator, whose Resource Manager is throttled as the real one.
    """;

if (args is ["engine", _, ..])
{
    await EngineBenchmark.RunAsync(
        args[1],
        args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1,
        args.ElementAtOrDefault(3) is { } path && path != "-" ? path : null,
        args.ElementAtOrDefault(4),
        args.ElementAtOrDefault(5) == "rclone");
    return 0;
}

if (args is ["added", _, ..])
{
    await AddedBenchmark.RunAsync(args[1], args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1, args.Length > 3 ? args[3..] : []);
    return 0;
}

if (args is ["scale-step", var place, var step, var snapshots, var chunks])
{
    await ScaleBenchmark.StepAsync(place, step, int.Parse(snapshots, CultureInfo.InvariantCulture), int.Parse(chunks, CultureInfo.InvariantCulture));
    return 0;
}

if (args is ["engine-step", ..])
{
    await EngineStep.RunAsync(args[1..]);
    return 0;
}

var size = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : (int?)null;
var count = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : (int?)null;
switch (args.FirstOrDefault())
{
    case "blobs":
        await BlobBenchmark.RunAsync(size ?? 200, count ?? 3);
        return 0;
    case "durable":
        await DurableBenchmark.RunAsync(size ?? 100_000, count ?? 3);
        return 0;
    case "hub":
        var measured = new Measurements();
        await HubSizeBenchmark.RunOnAzuriteAsync(measured, size ?? 100_000);
        measured.Report();
        return 0;
    case "memory":
        await MemoryBenchmark.RunAsync(size ?? 1);
        return 0;
    case "scale":
        await ScaleBenchmark.RunAsync(size ?? 1000, count ?? 5_000_000);
        return 0;
    case "fleet":
        await FleetBenchmark.RunAsync(size ?? 200, count ?? 20);
        return 0;
    default:
        Console.WriteLine(Help);
        return args.FirstOrDefault() is "--help" or "-h" ? 0 : 2;
}
