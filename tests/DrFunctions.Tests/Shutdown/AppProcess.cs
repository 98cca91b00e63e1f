using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DrFunctions.App.Deployments;
using DrFunctions.App.Health;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.App.Shutdown;

/// <summary>The app as a process of its own, for what only a process can show: signals and exit codes.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    public const string FunctionKey = "function-key-of-this-test";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private AppProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static AppProcess Start(StorageSlot storage)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        var start = new ProcessStartInfo("dotnet", [typeof(HealthFunction).Assembly.Location, "--port", $"{address.Port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage.Server.ConnectionStringOf(storage.Control),
            ["Dr__Region"] = "northeurope",
            ["Host__Keys__default"] = FunctionKey,
            ["Dr__FunctionKeyRole"] = "operator",
            ["shutdownTimeoutSeconds"] = "600", // Whoever waits for the end of what is under way waits long.
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var app = new AppProcess(new Process { StartInfo = start }, address);
        app._process.OutputDataReceived += (_, line) => app._lines.Enqueue(line.Data ?? "");
        app._process.ErrorDataReceived += (_, line) => app._lines.Enqueue(line.Data ?? "");
        app._process.Start();
        app._process.BeginOutputReadLine();
        app._process.BeginErrorReadLine();
        return app;
    }

    /// <summary>Waits for words in its log.</summary>
    public Task SaysAsync(string words) => Eventually.SeeAsync(
        () => Task.FromResult(_lines.ToArray()),
        lines => lines.Any(line => line.Contains(words, StringComparison.Ordinal)),
        $"the app says '{words}'",
        () => string.Join('\n', _lines));

    public bool HasSaid(string words) => _lines.Any(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Signal.Send(_process, Signal.Terminate);

    public Task EndedAsync() => _process.WaitForExitAsync().WaitAsync(Eventually.Patience);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
