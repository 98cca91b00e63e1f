using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime.Settings;

/// <summary>Replaces <c>%SETTING%</c> in the values of attributes.</summary>
internal static partial class BindingExpressions
{
    /// <summary>The value with its settings; a missing one is added to the problems.</summary>
    /// <param name="value">What the attribute says.</param>
    /// <param name="where">Whose it is, for the message.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="problems">Gets what is missing.</param>
    public static string? Resolve(string value, string where, IConfiguration configuration, List<string> problems)
    {
        var missing = false;
        var resolved = Expression().Replace(value, match =>
        {
            var name = match.Groups[1].Value;
            var setting = configuration[name] ?? configuration[name.Replace("__", ":", StringComparison.Ordinal)];
            if (string.IsNullOrEmpty(setting))
            {
                missing = true;
                problems.Add($"{where} needs the setting '{name}', which is not set: add it to {LocalSettings.FileName} or the environment");
            }

            return setting ?? "";
        });
        return missing ? null : resolved;
    }

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Expression();
}
