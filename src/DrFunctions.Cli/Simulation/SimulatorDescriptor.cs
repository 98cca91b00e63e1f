using System.Text.Json;
using DrFunctions.Cli.LocalEnvironments;

namespace DrFunctions.Cli.Simulation;

/// <summary>How other <c>dr sim</c> commands find a simulator that runs alone; holds no secret.</summary>
/// <param name="Schema">1.</param>
/// <param name="ProcessId">The <c>dr</c> that runs it.</param>
/// <param name="Control">The control API.</param>
internal sealed record SimulatorDescriptor(int Schema, int ProcessId, Uri Control)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes the file in one piece.</summary>
    public void Write(string path)
    {
        var partial = path + ".partial";
        File.WriteAllText(partial, JsonSerializer.Serialize(this, Json));
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>The control API that a command means: the one named, else that of the simulator or the environment that runs here.</summary>
    /// <exception cref="CliException">None is named and none runs here.</exception>
    public static Uri Find(string? named, StateDirectory state)
    {
        if (named is not null)
        {
            return Uri.TryCreate(named.EndsWith('/') ? named : named + "/", UriKind.Absolute, out var url) && url.Scheme is "http"
                ? url
                : throw new CliException("BadInput", $"--control is '{named}'; expected an http URL such as http://127.0.0.1:18090.", "Correct --control.");
        }

        return TryRead(state.Simulator)?.Control ?? EnvironmentDescriptor.TryRead(state.Descriptor)?.SimulatorControl
            ?? throw new CliException("Unreachable", $"No simulator runs here: there is neither {state.Simulator} nor {state.Descriptor}.",
                "Start one with dr sim start or dr up, or name its control API with --control.");
    }

    private static SimulatorDescriptor? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<SimulatorDescriptor>(File.ReadAllText(path), Json) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CliException("BadInput", $"{path} cannot be read: {failure.Message}", "Delete it and start the simulator again.", failure);
        }
    }
}
