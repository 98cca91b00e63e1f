using System.Globalization;
using System.Text.Json;
using DrFunctions.Recovery;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.App.Backups;

/// <summary>How long the host lets a function run: what <c>host.json</c> says, or the app setting that stands for it.</summary>
/// <param name="Value">The time; above zero.</param>
public sealed record FunctionTimeout(TimeSpan Value)
{
    /// <summary>The app setting that the host reads in place of <c>host.json</c>'s word.</summary>
    public const string Setting = "AzureFunctionsJobHost__functionTimeout";

    // What most plans have where nothing is said; where there is no limit, a day of work is too much to lose all the same.
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Unlimited = TimeSpan.FromMinutes(90);

    /// <summary>After so long a shard begins no other file: there is time left for the last one, which may be the largest.</summary>
    public TimeSpan ShardBudget => Value / 6;

    /// <summary>Reads it.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="hostFile">The path of <c>host.json</c>, which need not be there.</param>
    /// <exception cref="RecoveryException">It is no time (<c>InvalidSettings</c>).</exception>
    public static FunctionTimeout Read(IConfiguration configuration, string hostFile)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var (name, text) = configuration[Setting.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } set ? (Setting, set) : ("host.json: functionTimeout", InFile(hostFile));
        return text switch
        {
            null => new FunctionTimeout(Usual),
            "-1" => new FunctionTimeout(Unlimited),
            _ when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value > TimeSpan.Zero => new FunctionTimeout(value),
            _ => throw new RecoveryException(
                "InvalidSettings", $"{name}: '{text}', expected a time span such as 00:30:00, or -1 for no limit.", isTransient: false, $"Correct {name}."),
        };
    }

    private static string? InFile(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        return document.RootElement.TryGetProperty("functionTimeout", out var value) ? value.ToString() : null;
    }
}
