using System.Collections.Concurrent;
using System.Globalization;
using DrFunctions.Testing.Files;

namespace DrFunctions.LocalRuntime.Tests.Durable.Processes;

/// <summary>A task hub on the emulator, the world that its activities act upon, and the processes that run on it.</summary>
internal sealed class CrashHub(string connectionString, string name) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10); // An emulator on a busy machine may be silent for a minute.
    private static readonly string[] JourneyEffects =
        ["first", "large", "last", "leg1", "leg2", "part0", "part1", "part2", "twice", "twice-again"];

    private readonly TemporaryFolder _effects = new();
    private readonly ConcurrentQueue<CrashApp> _apps = new(); // A test starts one while another of its tasks looks.

    public CrashApp StartApp(TimeSpan clockOffset = default)
    {
        var app = CrashApp.Start(connectionString, name, _effects.Path, clockOffset);
        _apps.Enqueue(app);
        return app;
    }

    /// <summary>Asks whichever process answers until the orchestration has ended; answers with status and output.</summary>
    public async Task<(string Status, string Output)> EndOfAsync(Func<CrashApp> app, string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var found = await HeardAsync(() => app().ShowAsync(id));
            if (found is ["Completed" or "Failed" or "Terminated", ..])
            {
                return (found[0], found[2]);
            }

            if (patience.IsCancellationRequested)
            {
                Assert.Fail($"{id} is {string.Join('|', found ?? [])}.\n{string.Join('\n', _apps.SelectMany(a => a.Lines.Append("--")))}");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Asks until somebody has heard: the process asked may be dying, or not listen yet.</summary>
    public static async Task AskAsync(Func<Task> ask)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await HeardAsync(async () =>
        {
            await ask();
            return true;
        }))
        {
            Assert.False(patience.IsCancellationRequested, "Nobody has answered.");
            await Task.Delay(50);
        }
    }

    /// <summary>What a journey must have come to: its output, and each of its effects once.</summary>
    public void AssertJourney(string id, (string Status, string Output) end)
    {
        Assert.Equal(("Completed", "\"first 80005 part0,part1,part2 leg1leg2 twice-again go heard last\""), end);
        Assert.Equal(JourneyEffects, Effects(id));
    }

    /// <summary>The effects that an orchestration has had; each can be had only once.</summary>
    public IEnumerable<string> Effects(string id) =>
        Directory.EnumerateFiles(Path.Combine(_effects.Path, id)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    /// <summary>Waits until an activity of an orchestration has begun.</summary>
    public async Task UntilBegunAsync(string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (_apps.SelectMany(app => Calls(app.Id)).All(call => call.Instance != id))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>No process has begun anything for an orchestration after another one had begun something for it, but the next.</summary>
    public void AssertNeverTwoAtOnce()
    {
        var begun = _apps.SelectMany(app => Calls(app.Id)).ToList();
        Assert.NotEmpty(begun);
        foreach (var instance in begun.GroupBy(call => call.Instance))
        {
            var owners = instance.OrderBy(call => call.At).Select(call => call.Process).ToList();
            var changes = owners.Zip(owners.Skip(1)).Count(pair => pair.First != pair.Second);
            Assert.True(changes == owners.Distinct().Count() - 1, $"{instance.Key} was run by {string.Join(", ", owners)}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        _effects.Dispose();
    }

    private static async Task<T?> HeardAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return default;
        }
    }

    private IEnumerable<(int Process, long At, string Instance)> Calls(int process)
    {
        var file = Path.Combine(_effects.Path, string.Create(CultureInfo.InvariantCulture, $"calls-{process}.log"));
        return File.Exists(file)
            ? ReadLines(file).Select(line => line.Split(' ')).Where(words => words is [_, "begins", _, _])
                .Select(words => (process, long.Parse(words[0], CultureInfo.InvariantCulture), words[2]))
            : [];
    }

    /// <summary>The lines that are whole: the process may be writing.</summary>
    private static string[] ReadLines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
