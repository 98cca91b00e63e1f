using System.Text.Json;

namespace DrFunctions.Cli.Api;

/// <summary>A person's own settings, so that no key must stand in a shell's history; a file that only its owner can read.</summary>
/// <param name="Url">The app that the keys are for, and no other.</param>
/// <param name="FunctionKey">A function key of it; null when a variable gives it.</param>
/// <param name="Key">The person's key; null when a variable gives it.</param>
internal sealed record PersonalFile(string Url, string? FunctionKey = null, string? Key = null)
{
    private const UnixFileMode OthersMayRead = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Where it is: <c>DR_CONFIG</c>, else <c>dr/config.json</c> in the person's configuration; null where there is no such place.</summary>
    public static string? Path(Func<string, string?> variable)
    {
        var folder = Of(variable("XDG_CONFIG_HOME")) ?? Of(variable("APPDATA")) ?? Of(variable("HOME"), ".config");
        return Of(variable("DR_CONFIG")) ?? (folder is null ? null : System.IO.Path.Combine(folder, "dr", "config.json"));
    }

    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="CliException">It cannot be read, or others can.</exception>
    public static PersonalFile? TryRead(Func<string, string?> variable)
    {
        if (Path(variable) is not { } path || !File.Exists(path))
        {
            return null;
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMayRead) != 0)
        {
            throw new CliException("BadInput", $"{path} can be read or written by others than its owner, and it holds keys.", $"chmod 600 {path}");
        }

        try
        {
            return JsonSerializer.Deserialize<PersonalFile>(File.ReadAllText(path), JsonSerializerOptions.Web) is { Url: { Length: > 0 } } file
                ? file
                : throw new JsonException("url: missing");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            // The parser's message may quote what it read.
            throw new CliException("BadInput", $"{path} cannot be read{(failure is JsonException ? "" : $": {failure.Message}")}.",
                """It should look like {"url":"https://…","functionKey":"…","key":"…"}.""");
        }
    }

    private static string? Of(string? folder, string below = "") => string.IsNullOrEmpty(folder) ? null : System.IO.Path.Combine(folder, below);
}
