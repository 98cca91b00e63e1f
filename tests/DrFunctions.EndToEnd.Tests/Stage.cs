using System.Net.NetworkInformation;
using DrFunctions.Cli.Demo;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Cli.Terminal;
using DrFunctions.Testing.Files;

namespace DrFunctions.EndToEnd.Tests;

/// <summary>A whole deployment of real processes on this machine with a few megabytes of files, gone when it is disposed.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const long DataBytes = 6_000_000;
    private static readonly Lock Bases = new();

    // Below the ports that the system gives to outgoing connections.
    private const int FirstBase = 18000;
    private const int LastBase = 31600;
    private static int nextBase = FirstBase + (System.Environment.ProcessId % 34 * 400);

    private readonly DirectoryInfo directory;
    private readonly StringWriter said;
    private readonly TextWriter guard;

    private Stage(DirectoryInfo directory, LocalEnvironment environment, SceneContext scene, StringWriter said, TextWriter guard) =>
        (this.directory, Environment, Scene, this.said, this.guard) = (directory, environment, scene, said, guard);

    public LocalEnvironment Environment { get; }

    public SceneContext Scene { get; }

    /// <summary>What a person would have seen, and the app's last lines: for a test's failure.</summary>
    public string Said => $"{Text}\n--- app.log\n{string.Join('\n', Environment.App.ReadLogTail(60))}";

    /// <summary>The last thing a person would have seen.</summary>
    public string LastLine => Text.TrimEnd().Split('\n')[^1].Trim();

    private string Text
    {
        get
        {
            // A synchronized writer locks itself.
            lock (guard)
            {
                return said.ToString();
            }
        }
    }

    /// <summary>Starts everything.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="plan">Changes the sample's plan.</param>
    public static async Task<Stage> StartAsync(CancellationToken cancellationToken, Func<string, string>? plan = null)
    {
        plan ??= yaml => yaml;
        var directory = Directory.CreateTempSubdirectory("dr-e2e-");
        var state = StateDirectory.At(Path.Combine(directory.FullName, "state"));
        var ports = FreePorts();
        var environment = await LocalEnvironment.StartAsync(
            new LocalEnvironmentOptions
            {
                State = state,
                Ports = ports,
                ToolsDirectory = RepositoryRoot.Combine(".dr", "tools"),
                PlanYaml = plan(SamplePlan.ForLocal(ports).Replace("dwell: 3s", "dwell: 1s", StringComparison.Ordinal)),
            },
            TimeProvider.System,
            cancellationToken);
        var originals = Path.Combine(directory.FullName, "originals");
        StateDirectory.Begin(originals);
        await SampleData.WriteAsync(originals, DataBytes, cancellationToken);
        var said = new StringWriter();
        var guard = TextWriter.Synchronized(said);
        var scene = new SceneContext(
            environment,
            await DataSet.OfDirectoryAsync(originals, cancellationToken),
            state.Evidence,
            new Output(guard, guard, json: false),
            TimeProvider.System);
        return new Stage(directory, environment, scene, said, guard);
    }

    /// <summary>Plays steps; a failure carries what was said and the app's log.</summary>
    public async Task PlayAsync(CancellationToken cancellationToken, params Func<SceneContext, CancellationToken, Task>[] steps)
    {
        foreach (var step in steps)
        {
            try
            {
                await step(Scene, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{exception.Message}\n{Said}", exception);
            }
        }
    }

    /// <summary>The region goes dark, without waiting until Traffic Manager's probe has noticed.</summary>
    public static Task DarkenAsync(SceneContext scene, CancellationToken cancellationToken) =>
        scene.Environment.DarkenPrimaryAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Scene.Dispose();
        await Environment.DisposeAsync();
        directory.Delete(recursive: true);
    }

    public static LocalPorts FreePorts()
    {
        lock (Bases)
        {
            while (true)
            {
                nextBase = nextBase >= LastBase ? FirstBase : nextBase + 400;
                var ports = new LocalPorts(nextBase);
                var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).ToHashSet();
                int[] wanted =
                    [ports.App, ports.ResourceManager, ports.Dns, ports.Web, ports.SimulatorControl, ports.PrimaryStorage, ports.SecondaryStorage, ports.ControlStorage];
                if (!wanted.Any(taken.Contains))
                {
                    return ports;
                }
            }
        }
    }
}
