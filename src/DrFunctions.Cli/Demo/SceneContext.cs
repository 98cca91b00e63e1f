using DrFunctions.Cli.Api;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Cli.Demo;

/// <summary>What the steps of a scene share: the stage, and what earlier steps found.</summary>
internal sealed class SceneContext : IDisposable
{
    /// <summary>Prepares a scene.</summary>
    /// <param name="environment">A started environment.</param>
    /// <param name="data">What the workload holds.</param>
    /// <param name="evidenceDirectory">Where evidence is written, a directory for each run.</param>
    /// <param name="output">What people read.</param>
    /// <param name="time">The clock.</param>
    public SceneContext(LocalEnvironment environment, DataSet data, string evidenceDirectory, Output output, TimeProvider time)
    {
        Environment = environment;
        Data = data;
        EvidenceDirectory = evidenceDirectory;
        Output = output;
        Time = time;
        Polling = new Polling(time, LogHint);
        App = ClientOf(environment.App);
    }

    /// <summary>The stage.</summary>
    public LocalEnvironment Environment { get; }

    /// <summary>The app's API.</summary>
    public DrClient App { get; private set; }

    /// <summary>What the workload holds.</summary>
    public DataSet Data { get; }

    /// <summary>Where evidence is written, a directory for each run.</summary>
    public string EvidenceDirectory { get; }

    /// <summary>What people read.</summary>
    public Output Output { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Where to look when something does not happen.</summary>
    public string LogHint => $"Look into {Path.Combine(Environment.State.Logs, "app.log")} for the reason.";

    /// <summary>Waits.</summary>
    public Polling Polling { get; }

    /// <summary>The workload's name.</summary>
    public string Workload => Environment.Plan.Workload;

    /// <summary>The backup that both regions hold, once there is one.</summary>
    public BackupView? Backup { get; set; }

    /// <summary>When the region was lost.</summary>
    public DateTimeOffset? LostAt { get; set; }

    /// <summary>The run, once it has ended.</summary>
    public RunView? Run { get; set; }

    /// <summary>How the restored files compare, once they were read.</summary>
    public DataComparison? Comparison { get; set; }

    /// <summary>Where this run's evidence was written.</summary>
    public string? Evidence { get; set; }

    /// <summary>Calls another app on the same hub from now on.</summary>
    public void Use(FunctionAppProcess app)
    {
        App.Dispose();
        App = ClientOf(app);
    }

    /// <summary>Says something below the current step.</summary>
    public void Say(string markup) => Output.Say("    " + markup);

    /// <inheritdoc/>
    public void Dispose() => App.Dispose();

    private DrClient ClientOf(FunctionAppProcess app) =>
        new(new AppConnection(app.Url, Environment.Keys.Function, Environment.Keys.Person, Environment.State.Descriptor));
}
