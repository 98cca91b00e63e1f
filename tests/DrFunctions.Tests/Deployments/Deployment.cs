using System.Security.Cryptography;
using Azure.Storage.Blobs;
using DrFunctions.App.Health;
using DrFunctions.Cloud.Blobs;
using DrFunctions.LocalRuntime.Testing;
using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using DrFunctions.Simulator;
using DrFunctions.Testing.Backups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Deployments;

/// <summary>
/// The app as it is, in this process: on real (emulated) storage accounts of three regions, the simulated cloud, and a clock that can
/// be moved. Nothing of it is shared with another deployment but the emulator's process.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly ActivityGate _gate;
    private readonly StartHost _start;

    private Deployment(
        StorageSlot storage,
        AzureSimulator cloud,
        StartHost start,
        FunctionsTestHost host,
        ShiftedTime time,
        ActivityGate gate,
        Logs logs)
    {
        (Storage, Cloud, _start, Host, Time, _gate, Logs) = (storage, cloud, start, host, time, gate, logs);
        Api = ApiOf(host);
        Plan = ShopPlan.With(cloud.WebPort);
    }

    public static string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public StorageSlot Storage { get; }

    public AzureSimulator Cloud { get; }

    public FunctionsTestHost Host { get; private set; }

    public ShiftedTime Time { get; }

    public Logs Logs { get; }

    public Api Api { get; private set; }

    /// <summary>The sample, fitted to this cloud.</summary>
    public ShopPlan Plan { get; }

    public IDocumentStore Documents => Host.Services.GetRequiredService<IDocumentStore>();

    public BlobServiceClient West => Storage.Server.ServiceClient(Storage.West);

    public BlobServiceClient North => Storage.Server.ServiceClient(Storage.North);

    public BlobServiceClient Control => Storage.Server.ServiceClient(Storage.Control);

    /// <param name="change">Changes the cloud that is found.</param>
    /// <param name="settings">Settings besides the usual ones, or instead of them.</param>
    public static Task<Deployment> StartAsync(Func<Scenario, Scenario>? change = null, params (string Name, string Value)[] settings) =>
        // Early in a minute: the tick's next occurrence is a minute away unless the test moves the clock.
        StartAsync(new ShiftedTime(new DateTimeOffset(2030, 1, 1, 0, 0, 1, TimeSpan.Zero)), time => time, change, settings);

    /// <param name="machine">The first machine's clock.</param>
    /// <param name="clock">What the app makes of a machine's clock.</param>
    /// <param name="change">Changes the cloud that is found.</param>
    /// <param name="settings">Settings besides the usual ones, or instead of them.</param>
    public static async Task<Deployment> StartAsync(
        ShiftedTime machine,
        Func<TimeProvider, TimeProvider> clock,
        Func<Scenario, Scenario>? change = null,
        params (string Name, string Value)[] settings)
    {
        var storage = await StorageSlot.TakeAsync();
        await ARepository.MakeAsync(new BlobRepository(storage.Server.ServiceClient(storage.West).GetBlobContainerClient("backups")));
        var scenario = ScenarioOf(storage);
        var cloud = await AzureSimulator.StartAsync(new SimulatorOptions { Scenario = change?.Invoke(scenario) ?? scenario });
        try
        {
            var (gate, logs) = (new ActivityGate(), new Logs());
            var all = new Dictionary<string, string?>
            {
                ["Dr__MirrorStorage"] = storage.Server.ConnectionStringOf(storage.North),
                ["Dr__Region"] = "northeurope",
                ["Dr__ResourceManager"] = cloud.ResourceManager.ToString(),
                ["Dr__ResourceManagerThumbprint"] = cloud.CertificateThumbprint,
                ["Dr__ResourceManagerToken"] = Token,
                ["Dr__RepositoryPassphrase"] = ARepository.Passphrase,
                ["Dr__Resolvers"] = cloud.Dns.ToString(),
                ["Dr__People"] = Persons.Setting,
                ["Dr__RequestsPerMinute"] = "1000000", // Tests ask as fast as they can; those of the limits set their own.
                ["SHOP_WESTEUROPE_STORAGE"] = storage.Server.ConnectionStringOf(storage.West),
                ["SHOP_NORTHEUROPE_STORAGE"] = storage.Server.ConnectionStringOf(storage.North),
            };
            foreach (var (name, value) in settings)
            {
                all[name] = value;
            }

            Task<FunctionsTestHost> StartHostAsync(
                TimeProvider time, string account, IEnumerable<(string Name, string Value)> others, Action<IServiceCollection> configure) => FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
                {
                    Builder = args =>
                    {
                        var builder = AppProgram.CreateBuilder(args);
                        builder.UseWhen(ActivityGate.Concerns, gate.PassAsync);
                        return builder;
                    },
                    FunctionAssembly = typeof(HealthFunction).Assembly,
                    StorageConnectionString = storage.Server.ConnectionStringOf(account),
                    Settings = others.Aggregate(all, (settings, other) => new Dictionary<string, string?>(settings) { [other.Name] = other.Value }),
                    TimeProvider = clock(time),
                    ConfigureServices = services =>
                    {
                        services.AddLogging(logging => logging.AddProvider(logs).AddFilter<Logs>(null, LogLevel.Trace));
                        configure(services);
                    },
                });
            return new Deployment(storage, cloud, StartHostAsync, await StartHostAsync(machine, storage.Control, [], _ => { }), machine, gate, logs);
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another machine takes everything over: the one so far is gone when it runs.</summary>
    public async Task ReplaceAsync(TimeProvider machine)
    {
        var other = await _start(machine, Storage.Control, [], _ => { });
        await Host.DisposeAsync();
        (Host, Api) = (other, ApiOf(other));
    }

    /// <summary>A second app, whose control account is this one's mirror and whose mirror is this one's control account.</summary>
    public async Task<Standby> StartStandbyAsync(params (string Name, string Value)[] settings)
    {
        var (time, stopwatch) = (new ShiftedTime(Time.GetUtcNow()), new MovedStopwatch());
        var host = await _start(
            time,
            Storage.North,
            [("Dr__StandsBy", "true"), ("Dr__Region", "northeurope"), ("Dr__MirrorStorage", Storage.Server.ConnectionStringOf(Storage.Control)), .. settings],
            services => services.AddSingleton(new ControlSilence(stopwatch)));
        return new Standby(host, ApiOf(host), time, stopwatch);
    }

    /// <summary>Moves the clock when no activity is under way.</summary>
    public Task MoveAsync(TimeSpan time) => _gate.WhileIdleAsync(() => Time.Move(time));

    /// <summary>Runs the minute tick now, beside its schedule.</summary>
    public Task TickAsync() => Host.RunTimerAsync("Tick");

    /// <summary>Three files in the primary's container.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> UploadAsync(string container = "files")
    {
        var files = new Dictionary<string, byte[]>
        {
            ["index.html"] = "<h1>shop</h1>"u8.ToArray(),
            ["images/logo.bin"] = RandomNumberGenerator.GetBytes(70_000),
            ["empty"] = [],
        };
        var target = West.GetBlobContainerClient(container);
        await target.CreateIfNotExistsAsync();
        foreach (var (name, content) in files)
        {
            await target.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content));
        }

        return files;
    }

    /// <summary>Applies the plan, uploads the files and takes a first backup, so that a failover could begin.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> PrepareAsync(ShopPlan plan)
    {
        var files = await UploadAsync();
        await Api.ApplyAsync(ShopPlan.Workload, plan.Yaml);
        await TickAsync();
        await Eventually.SeeAsync(
            () => Api.GetAsync("api/plans/shop/backups"), seen => seen["backups.0.state"] == "copied", "the first backup", () => Logs.Troubles);
        return files;
    }

    /// <summary>What is in a container now.</summary>
    public static async Task<Dictionary<string, byte[]>> ReadAsync(BlobContainerClient container)
    {
        var files = new Dictionary<string, byte[]>();
        if (await container.ExistsAsync())
        {
            await foreach (var blob in container.GetBlobsAsync())
            {
                files[blob.Name] = (await container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray();
            }
        }

        return files;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Cloud.DisposeAsync();
    }

    private delegate Task<FunctionsTestHost> StartHost(
        TimeProvider time, string account, IEnumerable<(string Name, string Value)> settings, Action<IServiceCollection> configure);

    private static Api ApiOf(FunctionsTestHost host) => new(host.Client, host.FunctionKey, host.EventGridKey, Persons.KeyOf(Persons.Everything));

    private static Scenario ScenarioOf(StorageSlot storage) => new()
    {
        SubscriptionId = "00000000-0000-0000-0000-000000000001",
        ResourceGroups = ["shop"],
        BearerToken = Token,
        Regions =
        [
            new() { Name = "westeurope", Address = storage.Addresses.West },
            new() { Name = "northeurope", Address = storage.Addresses.North },
        ],
        Sites =
        [
            new() { Name = "shop-westeurope", ResourceGroup = "shop", Region = "westeurope" },
            new() { Name = "shop-northeurope", ResourceGroup = "shop", Region = "northeurope", State = SiteStatus.Stopped },
        ],
        TrafficManagerProfiles =
        [
            new()
            {
                Name = "shop",
                ResourceGroup = "shop",
                TtlInSeconds = 5,
                Endpoints =
                [
                    new() { Name = "westeurope", Site = "shop-westeurope", Priority = 1, AlwaysServe = true },
                    new() { Name = "northeurope", Site = "shop-northeurope", Priority = 2, AlwaysServe = true },
                ],
            },
        ],
    };
}
