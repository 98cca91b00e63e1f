using System.Text.Json;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>How other <c>dr</c> commands find a running local environment; a file that only its owner can read.</summary>
/// <param name="Schema">1.</param>
/// <param name="ProcessId">The <c>dr</c> that runs it.</param>
/// <param name="Url">The function app.</param>
/// <param name="FunctionKey">The default function key.</param>
/// <param name="Key">The personal key of whoever sits here, with every role.</param>
/// <param name="ApproverKey">The personal key of a second person, who may approve what the first one started.</param>
/// <param name="MasterKey">The host's master key.</param>
/// <param name="EventGridKey">The system key of the Event Grid webhook.</param>
/// <param name="ResourceManager">The simulated Resource Manager.</param>
/// <param name="Dns">The simulated DNS, <c>address:port</c>.</param>
/// <param name="SimulatorControl">The simulator's control API.</param>
/// <param name="Site">What users open; its name is resolved by <paramref name="Dns"/>.</param>
/// <param name="Settings">The connections that the plan names, and the passphrase of its repositories.</param>
internal sealed record EnvironmentDescriptor(
    int Schema,
    int ProcessId,
    Uri Url,
    string FunctionKey,
    string Key,
    string ApproverKey,
    string MasterKey,
    string EventGridKey,
    Uri ResourceManager,
    string Dns,
    Uri SimulatorControl,
    Uri Site,
    IReadOnlyDictionary<string, string> Settings)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="CliException">The file cannot be read.</exception>
    public static EnvironmentDescriptor? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<EnvironmentDescriptor>(File.ReadAllText(path), Json) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CliException("BadInput", $"{path} cannot be read: {failure.Message}",
                "Delete it and start the environment again with dr up, or name the app with --url.", failure);
        }
    }

    /// <summary>Writes the file, readable by its owner only, in one piece.</summary>
    public void Write(string path)
    {
        var partial = path + ".partial";
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(partial, options))
        {
            JsonSerializer.Serialize(file, this, Json);
        }

        File.Move(partial, path, overwrite: true);
    }
}
