using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Cli.Processes;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Simulator;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Emulators;
using DrFunctions.Testing.Files;

namespace DrFunctions.Benchmarks.Fleet;

/// <summary>Three storage accounts, the simulated cloud of a fleet of workloads, and the function app as a process.</summary>
internal sealed class FleetEnvironment : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = [];
    private readonly TemporaryFolder _folder = new();
    private readonly EnvironmentKeys _keys = EnvironmentKeys.Create();
    private FunctionAppProcess? _app;

    public required IReadOnlyList<FleetWorkload> Workloads { get; init; }

    public Azurite Primary { get; private set; } = null!; // these three are set by StartAsync, before anyone sees the object

    public Azurite Control { get; private set; } = null!;

    public AzureSimulator Simulator { get; private set; } = null!;

    /// <summary>What the app asks of the accounts that are left when the primary region is dark.</summary>
    public StorageRequests Requests { get; } = new();

    public DrClient Client { get; private set; } = null!;

    public static async Task<FleetEnvironment> StartAsync(int count)
    {
        var webPort = FreePort();
        var environment = new FleetEnvironment { Workloads = [.. Enumerable.Range(0, count).Select(number => new FleetWorkload(number, webPort))] };
        try
        {
            await environment.StartAllAsync(webPort);
            return environment;
        }
        catch
        {
            await environment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the minute tick now.</summary>
    public Task TickAsync() => Client.RunTimerAsync("Tick", _keys.Master, CancellationToken.None);

    /// <summary>Delivers events to the alert function as Event Grid does.</summary>
    public Task DeliverAsync(string events) => Client.DeliverEventsAsync("Alert", _keys.EventGrid, events, CancellationToken.None);

    /// <summary>Takes the primary region down: its storage stops, its web endpoints refuse connections.</summary>
    public async Task DarkenPrimaryAsync()
    {
        await Primary.StopAsync();
        await Simulator.SetRegionDarkAsync(FleetWorkload.Primary, dark: true);
    }

    /// <summary>The last lines of the app's log.</summary>
    public string LogTail() => string.Join('\n', _app?.ReadLogTail(40) ?? []);

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var last))
        {
            await last.DisposeAsync();
        }

        Client?.Dispose();
        _folder.Dispose();
    }

    private async Task StartAllAsync(int webPort)
    {
        _started.Push(Primary = await Azurite.StartAsync("fleetprimary"));
        var secondary = await Azurite.StartAsync(new AzuriteOptions { Accounts = ["fleetsecondary"], OnRequest = Requests.Count });
        _started.Push(secondary);
        _started.Push(Control = await Azurite.StartAsync(new AzuriteOptions { Accounts = ["fleetcontrol"], OnRequest = Requests.Count }));
        foreach (var workload in Workloads)
        {
            foreach (var account in new[] { Primary, secondary })
            {
                await account.ServiceClient().CreateBlobContainerAsync(workload.Files);
                await account.ServiceClient().CreateBlobContainerAsync(workload.Backups);
            }

            await ARepository.MakeAsync(new BlobRepository(Primary.ServiceClient().GetBlobContainerClient(workload.Backups)));
            await Primary.ServiceClient().GetBlobContainerClient(workload.Files).UploadBlobAsync("a-file", new BinaryData("its content"));
        }

        _started.Push(Simulator = await AzureSimulator.StartAsync(new SimulatorOptions
        {
            Scenario = FleetWorkload.ScenarioOf(Workloads, _keys.ResourceManagerToken),
            WebPort = webPort,
        }));
        var assembly = FunctionAppLocation.Find();
        var port = FreePort();
        _app = new FunctionAppProcess(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")),
            new ChildProcessOptions
            {
                Name = "The function app",
                FileName = "dotnet",
                Arguments = [assembly, "--port", port.ToString(CultureInfo.InvariantCulture)],
                Environment = Settings(secondary),
                WorkingDirectory = Path.GetDirectoryName(assembly)!, // a file's path has a directory
                LogFile = Path.Combine(_folder.Path, "app.log"),
            },
            TimeProvider.System);
        _started.Push(_app);
        await _app.StartAsync(CancellationToken.None);
        Client = new DrClient(new AppConnection(_app.Url, _keys.Function, _keys.Person, "the benchmark"));
    }

    private Dictionary<string, string?> Settings(Azurite secondary) => new()
    {
        ["AzureWebJobsStorage"] = Control.ConnectionString,
        ["Dr__MirrorStorage"] = secondary.ConnectionString,
        ["Dr__Region"] = FleetWorkload.Secondary,
        ["Dr__ResourceManager"] = Simulator.ResourceManager.ToString(),
        ["Dr__ResourceManagerThumbprint"] = Simulator.CertificateThumbprint,
        ["Dr__ResourceManagerToken"] = _keys.ResourceManagerToken,
        ["Dr__RepositoryPassphrase"] = ARepository.Passphrase,
        ["Dr__Resolvers"] = Simulator.Dns.ToString(),
        ["Dr__People"] = LocalPeople.List("benchmark", _keys),
        ["Dr__RequestsPerMinute"] = "1000000", // It asks as fast as it can.
        [FleetWorkload.PrimaryConnection] = Primary.ConnectionString,
        [FleetWorkload.SecondaryConnection] = secondary.ConnectionString,
        ["Host__Keys__master"] = _keys.Master,
        ["Host__Keys__default"] = _keys.Function,
        ["Host__Keys__eventgrid_extension"] = _keys.EventGrid,
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
