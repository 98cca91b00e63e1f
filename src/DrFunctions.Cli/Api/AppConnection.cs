using DrFunctions.Cli.LocalEnvironments;

namespace DrFunctions.Cli.Api;

/// <summary>Which function app to talk to, and with which key.</summary>
/// <param name="Url">The app's root.</param>
/// <param name="Key">A function key.</param>
/// <param name="KeySource">Where the key came from, in messages.</param>
internal sealed record AppConnection(Uri Url, string Key, string KeySource)
{
    /// <summary>
    /// Chooses: options first, then variables, then the running local environment. The local environment's key is never sent
    /// to another app.
    /// </summary>
    /// <exception cref="CliException">Nothing names an app or a key, or the URL is none.</exception>
    public static AppConnection Resolve(string? url, string? key, StateDirectory state, Func<string, string?> variable)
    {
        var named = url ?? NotEmpty(variable("DR_URL"));
        var local = EnvironmentDescriptor.TryRead(state.Descriptor);
        var at = named is not null ? Parse(named) : local?.Url ?? throw new CliException("Unreachable",
            $"No local environment runs here: there is no {state.Descriptor}.",
            "Start one with dr up, or name an app with --url and --key (or DR_URL and DR_KEY).");
        if (key is not null)
        {
            return new AppConnection(at, key, "--key");
        }

        if (NotEmpty(variable("DR_KEY")) is { } fromVariable)
        {
            return new AppConnection(at, fromVariable, "DR_KEY");
        }

        return local is not null && local.Url == at
            ? new AppConnection(at, local.Key, state.Descriptor)
            : throw new CliException("SettingMissing", $"No function key is given for {at}.", "Give one with --key or DR_KEY.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Url} with the key from {KeySource}";

    private static Uri Parse(string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var url) && url.Scheme is ("http" or "https")
            ? url
            : throw new CliException("BadInput", $"The app's URL is '{text}'; expected an http or https URL such as http://127.0.0.1:17071.",
                "Correct --url or DR_URL.");

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
