using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Azure.Storage.Blobs;
using DrFunctions.Testing.Files;

namespace DrFunctions.Testing.Emulators;

/// <summary>
/// The real blob emulator as a process of its own, on a free port of the loopback interface. Dispose ends the process and removes
/// its files; a test host that dies takes it along. Calls that change the process are not thread-safe.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    private const string Ready = "successfully listens on http://127.0.0.1:";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly AzuriteOptions options;
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> keys;
    private Process? process;
    private int containers;

    private Azurite(AzuriteOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(options.Accounts.Count);
        this.options = options;
        keys = options.Accounts.ToDictionary(account => account, _ => options.Key ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)));
        Port = options.Port;
    }

    /// <summary>The port, the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>The process, while it runs.</summary>
    public int ProcessId => Running.Id;

    /// <summary>The first account's connection string.</summary>
    public string ConnectionString => ConnectionStringOf(options.Accounts[0]);

    private Process Running => process ?? throw new InvalidOperationException("Azurite is stopped.");

    /// <summary>Starts an emulator and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It cannot be installed or did not start; the message says why.</exception>
    public static async Task<Azurite> StartAsync(AzuriteOptions? options = null)
    {
        var azurite = new Azurite(options ?? new AzuriteOptions());
        try
        {
            await azurite.LaunchAsync();
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts an emulator with these accounts.</summary>
    public static Task<Azurite> StartAsync(params string[] accounts) => StartAsync(new AzuriteOptions { Accounts = accounts });

    /// <summary>The connection string of an account.</summary>
    public string ConnectionStringOf(string account) =>
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={keys[account]};BlobEndpoint={EndpointOf(account)};";

    /// <summary>The blob endpoint of an account.</summary>
    public Uri EndpointOf(string account) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/{account}"));

    /// <summary>A client with the SDK's defaults.</summary>
    public BlobServiceClient ServiceClient(string? account = null) => new(ConnectionStringOf(account ?? options.Accounts[0]));

    /// <summary>A new empty container with a name of its own.</summary>
    public async Task<BlobContainerClient> CreateContainerAsync(string prefix = "test", string? account = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref containers)}");
        return (await ServiceClient(account).CreateBlobContainerAsync(name)).Value;
    }

    /// <summary>Ends the process as an operator would: everything acknowledged is on disk afterwards.</summary>
    public Task StopAsync() => EndAsync(Signal.Terminate);

    /// <summary>Ends the process at once. Azurite saves its index every 5 s: acknowledged writes may be gone after a restart.</summary>
    public Task KillAsync() => EndAsync(Signal.Kill);

    /// <summary>Freezes the process: connections are accepted by the system, nothing answers.</summary>
    public void Pause() => Signal.Send(Running, Signal.Stop);

    /// <summary>Lets a frozen process go on.</summary>
    public void Resume() => Signal.Send(Running, Signal.Continue);

    /// <summary>Starts a stopped or killed emulator again, on the same port with the same accounts and files.</summary>
    public async Task RestartAsync()
    {
        if (process is not null)
        {
            throw new InvalidOperationException("Stop or kill Azurite before it is restarted.");
        }

        await LaunchAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await KillAsync();
        }

        folder.Dispose();
    }

    private async Task LaunchAsync()
    {
        var script = await AzuriteInstallation.EnsureAsync();
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AZURITE_ACCOUNTS"] = string.Join(';', keys.Select(pair => $"{pair.Key}:{pair.Value}"));
        string[] arguments =
        [
            script, "--blobHost", "127.0.0.1", "--blobPort", Port.ToString(CultureInfo.InvariantCulture),
            "--loose", "--skipApiVersionCheck", "--disableTelemetry", .. options.OnRequest is null ? new[] { "--silent" } : [],
        ];
        foreach (var argument in arguments.Concat(options.InMemory ? ["--inMemoryPersistence"] : ["--location", folder.Path]))
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        Port = await WaitUntilReadyAsync(process, options.OnRequest);
    }

    private static async Task<int> WaitUntilReadyAsync(Process process, Action<string>? onRequest)
    {
        using var patience = new CancellationTokenSource(Patience);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var seen = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            seen.Add(line);
            var at = line.IndexOf(Ready, StringComparison.Ordinal);
            if (at >= 0)
            {
                // Whoever does not read lets the process block on a full pipe.
                _ = ReadOnAsync(process.StandardOutput, onRequest);
                return int.Parse(line.AsSpan(at + Ready.Length).Trim().TrimEnd('/'), CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException($"Azurite did not start:\n{string.Join('\n', seen)}\n{await errors}");
    }

    private static async Task ReadOnAsync(StreamReader output, Action<string>? onRequest)
    {
        while (await output.ReadLineAsync(CancellationToken.None) is { } line)
        {
            onRequest?.Invoke(line);
        }
    }

    private async Task EndAsync(int signal)
    {
        using var ending = Running;
        process = null;
        Signal.Send(ending, signal);
        using var patience = new CancellationTokenSource(Patience);
        await ending.WaitForExitAsync(patience.Token);
    }
}
