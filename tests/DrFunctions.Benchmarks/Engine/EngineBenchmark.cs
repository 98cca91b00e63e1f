using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using DrFunctions.Testing.Emulators;
using DrFunctions.Testing.Files;

namespace DrFunctions.Benchmarks.Engine;

/// <summary>The second format's jobs beside restic's own Azure backend: the same folder, the same emulator, started anew for each.</summary>
internal static class EngineBenchmark
{
    // The account that every emulator has, and that restic looks for at its port.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const double MiB = 1024 * 1024;

    // What the remote is called that rclone gets by the environment.
    private const string Remote = "azurite";

    /// <summary>Runs all steps, tool by tool, and prints what they took.</summary>
    /// <param name="folder">What is backed up; a hundredth of its files is changed for each tool in each round.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="dr">The published CLI; null for the engine in a process of this program.</param>
    /// <param name="restic">The path of a restic; null for none.</param>
    /// <param name="rclone">Whether restic is also measured through rclone, which restic finds by itself.</param>
    public static async Task RunAsync(string folder, int rounds, string? dr, string? restic, bool rclone)
    {
        var results = new List<(string Tool, string Step, Measured Measured)>();
        var tools = new List<Tool> { dr is null ? Engine : Cli(dr) };
        if (restic is not null)
        {
            tools.Add(Restic("restic", restic, "azure:restic:/"));
            if (rclone)
            {
                tools.Add(Restic("rclone", restic, $"rclone:{Remote}:restic"));
            }
        }

        for (var round = 1; round <= rounds; round++)
        {
            foreach (var (number, tool) in tools.Index())
            {
                using var scratch = new TemporaryFolder();
                var requests = 0;
                await using var azurite = await Azurite.StartAsync(new AzuriteOptions
                {
                    Accounts = [Account],
                    Key = Key,
                    Port = restic is null ? 0 : 10000,
                    OnRequest = _ => Interlocked.Increment(ref requests),
                });
                foreach (var (step, arguments) in tool.Steps(Path.GetFullPath(folder), scratch.Path))
                {
                    if (step == "1 % changed")
                    {
                        await FolderChanges.ChangeAsync(folder, (round * 10) + number);
                    }

                    var before = Volatile.Read(ref requests);
                    var measured = await MeasureAsync(tool.Program, arguments, azurite, scratch.Path) with { Stored = await StoredAsync(azurite) };
                    measured = measured with { Requests = Volatile.Read(ref requests) - before };
                    results.Add((tool.Name, step, measured));
                    Console.WriteLine(FormattableString.Invariant(
                        $"round {round}  {tool.Name,-7} {step,-12} {measured.Seconds,7:0.00} s  {measured.Cpu,6:0.00} CPU s  {measured.Peak / 1024.0,6:0} MiB peak  {measured.Requests,6} requests  {measured.Stored / MiB,7:0.0} MiB stored"));
                }

                Compare(folder, tool.Restored(Path.GetFullPath(folder), scratch.Path));
            }
        }

        Report(results);
    }

    private static Tool Engine { get; } = new(
        "engine",
        Environment.ProcessPath ?? "dotnet",
        (folder, scratch) =>
        [
            ("init", ["engine-step", "init"]),
            ("first full", ["engine-step", "backup", folder, "1", "Full"]),
            ("unchanged", ["engine-step", "backup", folder, "2", "Incremental"]),
            ("1 % changed", ["engine-step", "backup", folder, "3", "Incremental"]),
            ("check", ["engine-step", "check"]),
            ("restore", ["engine-step", "restore", scratch + "/restored", "3"]),
        ],
        (_, scratch) => scratch + "/restored");

    private static Tool Cli(string program)
    {
        string[] repository = ["-r", $"{EngineStep.Connection}:{EngineStep.Container}", "--json"];
        return new Tool(
            "dr",
            program,
            (folder, scratch) =>
            [
                ("init", ["backup", "init", .. repository]),
                ("first full", ["backup", "run", folder, "--id", "1", "--kind", "full", .. repository]),
                ("unchanged", ["backup", "run", folder, "--id", "2", .. repository]),
                ("1 % changed", ["backup", "run", folder, "--id", "3", .. repository]),
                ("check", ["backup", "check", .. repository]),
                ("restore", ["backup", "restore", "3", "--to", scratch + "/restored", .. repository]),
            ],
            (_, scratch) => scratch + "/restored");
    }

    private static Tool Restic(string name, string program, string repository)
    {
        string[] to = ["-q", "-r", repository];
        return new Tool(
            name,
            program,
            (folder, scratch) =>
            [
                ("init", [.. to, "init"]),
                ("first full", [.. to, "backup", folder]),
                ("unchanged", [.. to, "backup", folder]),
                ("1 % changed", [.. to, "backup", folder]),
                ("check", [.. to, "check", "--read-data"]),
                ("restore", [.. to, "restore", "latest", "--target", scratch + "/restored"]),
            ],
            (folder, scratch) => scratch + "/restored" + folder);
    }

    private static async Task<Measured> MeasureAsync(string program, string[] arguments, Azurite azurite, string scratch)
    {
        var log = Path.Combine(scratch, "time");
        var start = new ProcessStartInfo("/usr/bin/time", ["-f", "%e %U %S %M", "-o", log, program, .. arguments]);
        start.Environment[EngineStep.Connection] = azurite.ConnectionString;
        start.Environment["AZURE_ACCOUNT_NAME"] = Account;
        start.Environment["AZURE_ACCOUNT_KEY"] = Key;
        start.Environment["RESTIC_PASSWORD"] = "benchmark";
        start.Environment["XDG_CACHE_HOME"] = scratch;
        start.Environment["DR_REPOSITORY_PASSPHRASE"] = "benchmark";
        start.Environment[$"RCLONE_CONFIG_{Remote.ToUpperInvariant()}_TYPE"] = "azureblob";
        start.Environment[$"RCLONE_CONFIG_{Remote.ToUpperInvariant()}_USE_EMULATOR"] = "true";
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("/usr/bin/time did not start.");
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}.");
        }

        var numbers = (await File.ReadAllTextAsync(log)).Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new Measured(numbers[0], numbers[1] + numbers[2], (long)numbers[3], 0, 0);
    }

    private static async Task<long> StoredAsync(Azurite azurite)
    {
        var stored = 0L;
        await foreach (var container in new BlobServiceClient(azurite.ConnectionString).GetBlobContainersAsync())
        {
            await foreach (var blob in new BlobContainerClient(azurite.ConnectionString, container.Name).GetBlobsAsync())
            {
                stored += blob.Properties.ContentLength ?? 0;
            }
        }

        return stored;
    }

    private static void Compare(string expected, string restored)
    {
        using var diff = Process.Start("diff", ["-rq", expected, restored]);
        diff.WaitForExit();
        if (diff.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{restored}' is not '{expected}'.");
        }
    }

    private static void Report(List<(string Tool, string Step, Measured Measured)> results)
    {
        Console.WriteLine();
        Console.WriteLine("                      min / median / max s    CPU s   peak MiB   requests   stored MiB");
        foreach (var step in results.GroupBy(result => (result.Step, result.Tool)).OrderBy(group => results.FindIndex(result => result.Step == group.Key.Step)))
        {
            var all = step.Select(result => result.Measured).OrderBy(measured => measured.Seconds).ToList();
            Console.WriteLine(FormattableString.Invariant(
                $"{step.Key.Step,-12} {step.Key.Tool,-7} {all[0].Seconds,6:0.00} / {all[all.Count / 2].Seconds,6:0.00} / {all[^1].Seconds,6:0.00}  {all.Average(one => one.Cpu),6:0.00}  {all.Max(one => one.Peak) / 1024.0,8:0}  {all.Average(one => one.Requests),9:0}  {all.Average(one => one.Stored) / MiB,11:0.0}"));
        }
    }

    /// <summary>A tool that is measured.</summary>
    /// <param name="Name">For the report.</param>
    /// <param name="Program">What is started.</param>
    /// <param name="Steps">Its arguments, from the folder and a scratch folder.</param>
    /// <param name="Restored">Where it restores the folder to.</param>
    private sealed record Tool(
        string Name, string Program, Func<string, string, IEnumerable<(string Step, string[] Arguments)>> Steps, Func<string, string, string> Restored);

    /// <summary>What a step took.</summary>
    /// <param name="Seconds">From start to end.</param>
    /// <param name="Cpu">Seconds of processor time.</param>
    /// <param name="Peak">KiB of memory at most.</param>
    /// <param name="Requests">Requests that the emulator answered.</param>
    /// <param name="Stored">Bytes in the account afterwards.</param>
    private sealed record Measured(double Seconds, double Cpu, long Peak, int Requests, long Stored);
}
