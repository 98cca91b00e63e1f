using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.LocalRuntime.Tests.Durable.Processes;

/// <summary>The small function app as a process of its own; it ends with the test host at the latest.</summary>
internal sealed partial class CrashApp : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CrashApp(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>What it has logged.</summary>
    public IEnumerable<string> Lines => _lines;

    /// <summary>Starts the app; it may not listen yet.</summary>
    public static CrashApp Start(string connectionString, string hub, string effects, TimeSpan clockOffset)
    {
        var folder = AppContext.BaseDirectory.Replace("DrFunctions.LocalRuntime.Tests", "DrFunctions.LocalRuntime.CrashApp", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(folder, "DrFunctions.LocalRuntime.CrashApp.dll"), "--port", "0" },
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AzureWebJobsStorage"] = connectionString;
        start.Environment["CrashApp__Hub"] = hub;
        start.Environment["CrashApp__Effects"] = effects;
        start.Environment["CrashApp__ClockOffset"] = clockOffset.ToString("c", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_TieredPGO"] = "0"; // It lives for seconds.
        return new CrashApp(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
    }

    /// <summary>Starts an orchestration, if it is not there.</summary>
    public Task StartAsync(string name, string id) => PostAsync($"api/start/{name}/{id}");

    public Task RaiseAsync(string id, string eventName) => PostAsync($"api/raise/{id}/{eventName}");

    /// <summary>What there is of an orchestration: status, custom status, output; null if there is nothing.</summary>
    public async Task<string[]?> ShowAsync(string id)
    {
        using var answer = await Http.GetAsync(await AddressAsync($"api/show/{id}"));
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadAsStringAsync()).Split('|', 3)
            : answer.StatusCode == System.Net.HttpStatusCode.NotFound ? null
            : throw new HttpRequestException($"{id}: {answer.StatusCode}\n{string.Join('\n', _lines)}");
    }

    /// <summary>Waits until it has logged something.</summary>
    public async Task UntilSaysAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!_lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            if (patience.IsCancellationRequested || !IsRunning)
            {
                throw new TimeoutException($"Process {Id} has not said '{text}' but:\n{string.Join('\n', _lines)}");
            }

            await Task.Delay(50);
        }
    }

    public async Task KillAsync()
    {
        Signal.Send(_process, Signal.Kill);
        await _process.WaitForExitAsync();
    }

    public void Pause() => Signal.Send(_process, Signal.Stop);

    public void Resume() => Signal.Send(_process, Signal.Continue);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task PostAsync(string path)
    {
        using var answer = await Http.PostAsync(await AddressAsync(path), null);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<Uri> AddressAsync(string path) => new(await _listens.Task.WaitAsync(Patience), path);

    private void Read(string? line)
    {
        if (line is null)
        {
            _listens.TrySetException(new HttpRequestException($"The app has ended before it listened:\n{string.Join('\n', _lines)}"));
            return;
        }

        _lines.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            _listens.TrySetResult(new Uri(match.Value));
        }
    }

    [GeneratedRegex(@"(?<=Now listening on: )http://\S+")]
    private static partial Regex Listening();
}
