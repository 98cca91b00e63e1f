using System.Globalization;
using DrFunctions.Backup;
using DrFunctions.Backup.Keys;
using DrFunctions.Cli.Backups;
using DrFunctions.Cli.Processes;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Plans;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>
/// A whole deployment on one machine: three storage accounts and the function app as processes of their own, the simulated cloud
/// inside this one. Every start begins with empty accounts. No process outlives this one, however it ends.
/// </summary>
internal sealed class LocalEnvironment : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = [];
    private readonly LocalEnvironmentOptions _options;
    private readonly TimeProvider _time;
    private readonly Toolchain _tools;
    private IDisposable? _taken;
    private FunctionAppProcess? _app;

    private LocalEnvironment(LocalEnvironmentOptions options, Toolchain tools, WorkloadPlan plan, string yaml, string azurite, TimeProvider time)
    {
        _options = options;
        _time = time;
        _tools = tools;
        Plan = plan;
        PlanYaml = yaml;
        Primary = Account(plan.Primary.Name, $"{plan.Workload}{plan.Primary.Name}", options.Ports.PrimaryStorage, azurite);
        Secondary = Account(plan.Secondary.Name, $"{plan.Workload}{plan.Secondary.Name}", options.Ports.SecondaryStorage, azurite);
        Control = Account("control", "drcontrol", options.Ports.ControlStorage, azurite);
    }

    /// <summary>The plan that the cloud was made for.</summary>
    public WorkloadPlan Plan { get; }

    /// <summary>That plan as text.</summary>
    public string PlanYaml { get; }

    /// <summary>Where everything listens.</summary>
    public LocalPorts Ports => _options.Ports;

    /// <summary>Where everything is kept.</summary>
    public StateDirectory State => _options.State;

    /// <summary>The secrets.</summary>
    public EnvironmentKeys Keys { get; } = EnvironmentKeys.Create();

    /// <summary>Storage of the primary region.</summary>
    public StorageEmulator Primary { get; }

    /// <summary>Storage of the secondary region, also the mirror.</summary>
    public StorageEmulator Secondary { get; }

    /// <summary>Storage of the control region.</summary>
    public StorageEmulator Control { get; }

    /// <summary>The simulated cloud.</summary>
    public AzureSimulator Simulator { get; private set; } = null!; // set by StartAsync, before anyone sees the object

    /// <summary>The function app that <see cref="StartAsync"/> started.</summary>
    public FunctionAppProcess App => _app ?? throw new InvalidOperationException("The environment was started without the app.");

    /// <summary>Starts everything and waits until it answers.</summary>
    /// <exception cref="CliException">Something is missing, taken or does not start; what was started is stopped again.</exception>
    public static async Task<LocalEnvironment> StartAsync(
        LocalEnvironmentOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var tools = Toolchain.Find(options.SearchPath);
        var yaml = options.PlanYaml ?? SamplePlan.ForLocal(options.Ports);
        var read = PlanReader.Read(yaml);
        if (!read.IsValid)
        {
            throw new CliException("PlanInvalid", "The plan of the local environment has mistakes.", "Check it with dr plan check FILE.")
            {
                Details = [.. read.Mistakes.Select(mistake => mistake.ToString())],
            };
        }

        var taken = options.State.Take();
        try
        {
            options.Ports.EnsureFree([LocalCloud.PrimaryAddress, LocalCloud.SecondaryAddress]);
            StateDirectory.Begin(options.State.Data);
            StateDirectory.Begin(options.State.Logs);
            var azurite = await AzuriteInstallation.EnsureAsync(
                options.ToolsDirectory ?? options.State.Tools, tools, options.Say, time, cancellationToken);
            var environment = new LocalEnvironment(options, tools, read.Plan, yaml, azurite, time) { _taken = taken };
            try
            {
                await environment.StartAllAsync(cancellationToken);
                return environment;
            }
            catch
            {
                await environment.DisposeAsync();
                throw;
            }
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Starts one more function app on the same task hub.</summary>
    /// <param name="name">Names its log.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FunctionAppProcess> StartAppAsync(string name, int port, CancellationToken cancellationToken)
    {
        var app = AppProcess(name, port);
        _started.Push(app);
        await app.StartAsync(cancellationToken);
        return app;
    }

    /// <summary>Takes the primary region down for real: its storage stops, its web endpoint refuses connections.</summary>
    public async Task DarkenPrimaryAsync(CancellationToken cancellationToken)
    {
        await Primary.StopAsync();
        await Simulator.SetRegionDarkAsync(Plan.Primary.Name, dark: true, cancellationToken);
    }

    /// <summary>What the app is configured with; docs/design.md, section 4.</summary>
    public IReadOnlyDictionary<string, string?> AppSettings() => new Dictionary<string, string?>(Connections().Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)))
    {
        ["AzureWebJobsStorage"] = Control.ConnectionString,
        ["Dr__MirrorStorage"] = Secondary.ConnectionString,
        ["Dr__Region"] = Plan.Secondary.Name,
        ["Dr__ResourceManager"] = Simulator.ResourceManager.ToString(),
        ["Dr__ResourceManagerThumbprint"] = Simulator.CertificateThumbprint,
        ["Dr__ResourceManagerToken"] = Keys.ResourceManagerToken,
        ["Dr__RepositoryPassphrase"] = Keys.RepositoryPassphrase,
        ["Dr__Resolvers"] = Simulator.Dns.ToString(),
        ["Dr__People"] = LocalPeople.List(System.Environment.UserName, Keys),
        ["Host__Keys__master"] = Keys.Master,
        ["Host__Keys__default"] = Keys.Function,
        ["Host__Keys__eventgrid_extension"] = Keys.EventGrid,
        ["DOTNET_ENVIRONMENT"] = null,
        ["ASPNETCORE_ENVIRONMENT"] = null,
        ["ASPNETCORE_URLS"] = null,
    };

    /// <summary>Stops everything.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var last))
        {
            await last.DisposeAsync();
        }

        File.Delete(State.Descriptor);
        _taken?.Dispose();
        _taken = null;
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        StorageEmulator[] accounts = [Primary, Secondary, Control];
        Array.ForEach(accounts, _started.Push);
        await Task.WhenAll(accounts.Select(account => account.StartAsync(cancellationToken)));
        await CreateContainersAsync(cancellationToken);
        await CreateRepositoryAsync(cancellationToken);
        Simulator = await StartSimulatorAsync(cancellationToken);
        _started.Push(Simulator);
        if (_options.StartApp)
        {
            _app = await StartAppAsync("app", Ports.App, cancellationToken);
        }

        Describe().Write(State.Descriptor);
    }

    private async Task CreateContainersAsync(CancellationToken cancellationToken)
    {
        foreach (var (account, role) in new[] { (Primary, RegionRole.Primary), (Secondary, RegionRole.Secondary) })
        {
            foreach (var container in Plan.Containers.Select(store => store.In(role).Container).Concat(Plan.RegionOf(role).Repository is { } repository ? [repository.Container] : []).Distinct())
            {
                await account.Container(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            }
        }
    }

    // As 'dr backup init' does; the copy of the first backup makes the other region's.
    private async Task CreateRepositoryAsync(CancellationToken cancellationToken)
    {
        if (Plan.Primary.Repository is not { } place)
        {
            return;
        }

        var secrets = new Dictionary<string, IKeyWrapper>
        {
            ["passphrase"] = KeyWrappers.OfPassphrase(Keys.RepositoryPassphrase),
            ["recovery"] = KeyWrappers.OfRecoveryKey(KeyWrappers.NewRecoveryKey()), // Nobody keeps it: the accounts are gone with the environment.
        };
        using var made = await new BackupEngine(time: _time).CreateAsync(new BlobRepository(Primary.Container(place.Container)), secrets, cancellationToken);
        _options.Say($"the repository {place.Connection}:{place.Container} is made, as 'dr backup init' does; {RepositoryOptions.UsualSetting} holds its passphrase for dr backup");
    }

    private async Task<AzureSimulator> StartSimulatorAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AzureSimulator.StartAsync(
                new SimulatorOptions
                {
                    Scenario = LocalCloud.ScenarioOf(Plan, Primary, Secondary, Keys.ResourceManagerToken, _time),
                    ResourceManagerPort = Ports.ResourceManager,
                    DnsPort = Ports.Dns,
                    WebPort = Ports.Web,
                    ControlPort = Ports.SimulatorControl,
                    TimeProvider = _time,
                },
                cancellationToken);
        }
        catch (SimulatorStartException failure)
        {
            throw new CliException("PortInUse", failure.Message, "Choose other ports with --port-base.", failure);
        }
    }

    private StorageEmulator Account(string region, string account, int port, string azurite) => new(
        new StorageEmulatorOptions(
            $"The storage of {region}",
            account,
            port,
            _tools.Node,
            azurite,
            Path.Combine(State.Data, account),
            Path.Combine(State.Logs, $"storage-{region}.log")),
        _time);

    private FunctionAppProcess AppProcess(string name, int port)
    {
        var assembly = FunctionAppLocation.Find();
        return new FunctionAppProcess(
            new Uri($"http://127.0.0.1:{port}/"),
            new ChildProcessOptions
            {
                Name = "The function app",
                FileName = _tools.Dotnet,
                Arguments = [assembly, "--port", port.ToString(CultureInfo.InvariantCulture)],
                Environment = AppSettings(),
                WorkingDirectory = Path.GetDirectoryName(assembly)!, // a file's path has a directory
                LogFile = Path.Combine(State.Logs, $"{name}.log"),
            },
            _time);
    }

    private EnvironmentDescriptor Describe() => new(
        Schema: 1,
        ProcessId: Environment.ProcessId,
        Url: new Uri($"http://127.0.0.1:{Ports.App}/"),
        FunctionKey: Keys.Function,
        Key: Keys.Person,
        ApproverKey: Keys.Approver,
        MasterKey: Keys.Master,
        EventGridKey: Keys.EventGrid,
        ResourceManager: Simulator.ResourceManager,
        Dns: Simulator.Dns.ToString(),
        SimulatorControl: Simulator.Control,
        Site: Plan.Traffic.Check,
        Settings: Settings());

    // Other dr commands find the passphrase where they look for the connections.
    private Dictionary<string, string> Settings() => new(Connections()) { [RepositoryOptions.UsualSetting] = Keys.RepositoryPassphrase };

    // Of the plan's repositories, where it has any.
    private Dictionary<string, string> Connections() => new[] { (Plan.Primary, Primary), (Plan.Secondary, Secondary) }
        .Where(one => one.Item1.Repository is not null)
        .ToDictionary(one => one.Item1.Repository!.Connection, one => one.Item2.ConnectionString); // The filter keeps those that have one.
}
