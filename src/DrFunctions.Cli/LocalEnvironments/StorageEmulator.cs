using System.Security.Cryptography;
using Azure.Storage.Blobs;
using DrFunctions.Cli.Processes;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>One storage account: an Azurite blob process of its own, so that a region's storage can fail by itself.</summary>
internal sealed class StorageEmulator : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly StorageEmulatorOptions _options;
    private readonly TimeProvider _time;
    private ChildProcess? _process;

    /// <summary>Describes the account; <see cref="StartAsync"/> starts it.</summary>
    /// <param name="options">Where it listens and keeps its data.</param>
    /// <param name="time">Paces the waits.</param>
    public StorageEmulator(StorageEmulatorOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    }

    /// <summary>The account's name.</summary>
    public string Account => _options.Account;

    /// <summary>The account's key, random for every environment.</summary>
    public string Key { get; }

    /// <summary>The blob service.</summary>
    public Uri BlobEndpoint => new($"http://127.0.0.1:{_options.Port}/{Account}");

    /// <summary>What an app setting holds.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={BlobEndpoint};";

    /// <summary>Whether the process runs, suspended or not.</summary>
    public bool IsRunning => _process is { Exited.IsCompleted: false };

    /// <summary>A container's client.</summary>
    public BlobContainerClient Container(string name) => new(ConnectionString, name);

    /// <summary>Starts the account with the data it had, and waits until it answers.</summary>
    /// <exception cref="CliException">It does not answer; the message ends with its last lines.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsRunning)
        {
            return;
        }

        await DisposeAsync();
        Directory.CreateDirectory(_options.DataDirectory);
        _process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                Name = _options.Name,
                FileName = _options.Node,
                Arguments =
                [
                    _options.Script, "--blobHost", "127.0.0.1", "--blobPort", $"{_options.Port}", "--location", _options.DataDirectory,
                    "--skipApiVersionCheck", "--disableTelemetry", "--silent",
                ],
                Environment = new Dictionary<string, string?> { ["AZURITE_ACCOUNTS"] = $"{Account}:{Key}" },
                WorkingDirectory = _options.DataDirectory,
                LogFile = _options.LogFile,
            },
            _time,
            cancellationToken);

        // Any HTTP answer will do: without a signature it is 403.
        await Readiness.WaitAsync(_process, new Uri($"{BlobEndpoint}?comp=list"), _ => true, _time, cancellationToken);
    }

    /// <summary>Stops the account as an orderly shutdown does: all that it acknowledged is on disk.</summary>
    public Task StopAsync() => _process?.StopAsync(StopPatience) ?? Task.CompletedTask;

    /// <summary>Kills the account: what it acknowledged in the last five seconds may be gone.</summary>
    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Freezes the account: it accepts connections and never answers.</summary>
    public void Suspend() => _process?.Suspend();

    /// <summary>Lets a frozen account go on.</summary>
    public void Resume() => _process?.Resume();

    /// <summary>Kills the account if it still runs.</summary>
    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
