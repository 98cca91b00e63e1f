using DrFunctions.Cli.LocalEnvironments;

namespace DrFunctions.Cli.Api;

/// <summary>Which function app to talk to, and with which keys.</summary>
/// <param name="Url">The app's root.</param>
/// <param name="FunctionKey">A function key: the host's door.</param>
/// <param name="Key">The person's own key: who asks.</param>
/// <param name="KeySource">Where the person's key came from, in messages.</param>
internal sealed record AppConnection(Uri Url, string FunctionKey, string Key, string KeySource)
{
    /// <summary>
    /// Chooses the app: the option, then the variable, then the person's file, then the running local environment; and the keys:
    /// variables, then the file and the local environment, each only for the app that it names. Keys are never options: other
    /// users of the machine can read those.
    /// </summary>
    /// <exception cref="CliException">Nothing names an app or a key, or the URL is none.</exception>
    public static AppConnection Resolve(string? url, StateDirectory state, Func<string, string?> variable)
    {
        var file = PersonalFile.TryRead(variable);
        var local = EnvironmentDescriptor.TryRead(state.Descriptor);
        var named = url ?? NotEmpty(variable("DR_URL"));
        var at = named is not null ? Parse(named) : file is not null ? Parse(file.Url) : local?.Url ?? throw new CliException("Unreachable",
            $"No local environment runs here: there is no {state.Descriptor}.",
            "Start one with dr up, or name an app with --url or DR_URL, and the keys with DR_FUNCTION_KEY and DR_KEY.");
        file = file is not null && Parse(file.Url) == at ? file : null;
        local = local?.Url == at ? local : null;
        var functionKey = NotEmpty(variable("DR_FUNCTION_KEY")) ?? NotEmpty(file?.FunctionKey) ?? local?.FunctionKey ?? throw Missing(
            at, "function key", "DR_FUNCTION_KEY", variable);
        return NotEmpty(variable("DR_KEY")) is { } key ? new AppConnection(at, functionKey, key, "DR_KEY")
            : NotEmpty(file?.Key) is { } kept ? new AppConnection(at, functionKey, kept, PersonalFile.Path(variable)!) // it was read there
            : local is not null ? new AppConnection(at, functionKey, local.Key, state.Descriptor)
            : throw Missing(at, "personal key", "DR_KEY", variable);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Url} with the key from {KeySource}";

    private static CliException Missing(Uri at, string what, string name, Func<string, string?> variable) => new(
        "SettingMissing",
        $"No {what} is given for {at}.",
        $"Set {name}, or write it into {PersonalFile.Path(variable) ?? "a file that DR_CONFIG names"}.");

    private static Uri Parse(string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var url) && url.Scheme is ("http" or "https")
            ? url
            : throw new CliException("BadInput", $"The app's URL is '{text}'; expected an http or https URL such as http://127.0.0.1:17071.",
                "Correct --url or DR_URL.");

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
