using System.Net.NetworkInformation;
using DrFunctions.Cli.Demo;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.EndToEnd.Tests;

/// <summary>A whole deployment of real processes on this machine with a few megabytes of files, gone when it is disposed.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const long DataBytes = 6_000_000;
    private static readonly Lock Bases = new();
    private static int nextBase = 20000 + (System.Environment.ProcessId % 100 * 400);

    private readonly DirectoryInfo directory;
    private readonly StringWriter said;

    private Stage(DirectoryInfo directory, LocalEnvironment environment, SceneContext scene, StringWriter said) =>
        (this.directory, Environment, Scene, this.said) = (directory, environment, scene, said);

    public LocalEnvironment Environment { get; }

    public SceneContext Scene { get; }

    /// <summary>What a person would have seen, and the app's last lines: for a test's failure.</summary>
    public string Said => $"{said}\n--- app.log\n{string.Join('\n', Environment.App.ReadLogTail(60))}";

    public static async Task<Stage> StartAsync(CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("dr-e2e-");
        var state = StateDirectory.At(Path.Combine(directory.FullName, "state"));
        var ports = FreePorts();
        var environment = await LocalEnvironment.StartAsync(
            new LocalEnvironmentOptions
            {
                State = state,
                Ports = ports,
                ToolsDirectory = Path.Combine(Path.GetTempPath(), "dr-e2e-tools"),
                PlanYaml = SamplePlan.ForLocal(ports).Replace("dwell: 3s", "dwell: 1s", StringComparison.Ordinal),
            },
            TimeProvider.System,
            cancellationToken);
        var originals = Path.Combine(directory.FullName, "originals");
        StateDirectory.Begin(originals);
        await SampleData.WriteAsync(originals, DataBytes, cancellationToken);
        var said = new StringWriter();
        var scene = new SceneContext(
            environment,
            await DataSet.OfDirectoryAsync(originals, cancellationToken),
            state.Evidence,
            new Output(said, said, json: false),
            TimeProvider.System);
        return new Stage(directory, environment, scene, said);
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

    private static LocalPorts FreePorts()
    {
        lock (Bases)
        {
            while (true)
            {
                nextBase = nextBase > 60000 ? 20000 : nextBase + 400;
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
