using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime.Settings;

/// <summary>host.json: kept in the configuration below <see cref="Section"/>, so that the environment can override any member.</summary>
internal static partial class HostJson
{
    public const string FileName = "host.json";

    /// <summary>Settings named <c>AzureFunctionsJobHost__member__member</c> win over the file.</summary>
    public const string Section = "AzureFunctionsJobHost";

    private const string LogLevels = "logging:logLevel:";

    private static readonly string[] Known =
    [
        "version",
        "functionTimeout",
        "extensions:http:routePrefix",
        "extensions:durableTask:hubName",
        "extensions:durableTask:maxConcurrentActivityFunctions",
        "extensions:durableTask:maxConcurrentOrchestratorFunctions",
    ];

    /// <summary>Reads the file into configuration keys.</summary>
    /// <param name="directory">Where the file is.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="warnings">Gets what is not honoured here.</param>
    public static Dictionary<string, string?> Read(string directory, List<string> problems, List<string> warnings)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var unknown = new List<string>();
        foreach (var member in JsonFile.Read(Path.Combine(directory, FileName), problems))
        {
            if (member.Path.StartsWith(LogLevels, StringComparison.OrdinalIgnoreCase))
            {
                var category = member.Path[LogLevels.Length..];
                if (Enum.TryParse<Microsoft.Extensions.Logging.LogLevel>(member.Value, ignoreCase: true, out _))
                {
                    settings["Logging:LogLevel:" + (category == "default" ? "Default" : category)] = member.Value;
                }
                else
                {
                    problems.Add(
                        $"{FileName} line {member.Line}: '{member.Path}' is '{member.Value}', expected Trace, Debug, Information, Warning, Error, Critical or None");
                }
            }
            else if (Known.Contains(member.Path, StringComparer.OrdinalIgnoreCase))
            {
                settings[$"{Section}:{member.Path}"] = member.Value;
                if (Check(member.Path, member.Value) is { } expected)
                {
                    problems.Add($"{FileName} line {member.Line}: '{member.Path}' is '{member.Value}', expected {expected}");
                }
            }
            else
            {
                unknown.Add($"{member.Path} (line {member.Line})");
            }
        }

        if (unknown.Count > 0)
        {
            warnings.Add($"{FileName} has members that the local runtime does not honour: {string.Join(", ", unknown)}");
        }

        return settings;
    }

    /// <summary>The options, from the file and what overrides it.</summary>
    public static HostOptions Options(IConfiguration configuration, List<string> problems)
    {
        var section = configuration.GetSection(Section);
        foreach (var path in Known)
        {
            // A value that differs from the file's comes from a setting; the file's own was checked with its line.
            if (section[path] is { } value && Check(path, value) is { } expected
                && !problems.Any(problem => problem.Contains($"'{path}'", StringComparison.OrdinalIgnoreCase)))
            {
                problems.Add($"setting {Section}__{path.Replace(":", "__", StringComparison.Ordinal)} is '{value}', expected {expected}");
            }
        }

        var defaults = new HostOptions();
        return new HostOptions
        {
            RoutePrefix = (section["extensions:http:routePrefix"] ?? defaults.RoutePrefix).Trim('/'),
            FunctionTimeout = section["functionTimeout"] is { } timeout ? Timeout(timeout) : defaults.FunctionTimeout,
            HubName = section["extensions:durableTask:hubName"] ?? defaults.HubName,
            MaxConcurrentActivities = Count(section["extensions:durableTask:maxConcurrentActivityFunctions"]),
            MaxConcurrentOrchestrators = Count(section["extensions:durableTask:maxConcurrentOrchestratorFunctions"]),
        };
    }

    /// <summary>What was expected, where a value is wrong.</summary>
    private static string? Check(string path, string? value) => path.ToUpperInvariant() switch
    {
        "VERSION" => value == "2.0" ? null : "\"2.0\"",
        "FUNCTIONTIMEOUT" => value == "-1" || Timeout(value) > TimeSpan.Zero ? null : "a time span such as 00:10:00, or -1 for no limit",
        "EXTENSIONS:HTTP:ROUTEPREFIX" => value is not null && !value.Contains('{', StringComparison.Ordinal) ? null : "a path such as api",
        "EXTENSIONS:DURABLETASK:HUBNAME" => HubName().IsMatch(value ?? "") ? null : "a letter, then 2 to 44 letters or digits",
        _ => Count(value) is > 0 ? null : "a whole number above 0",
    };

    private static TimeSpan? Timeout(string? value) =>
        TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero ? timeout : null;

    private static int? Count(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{2,44}$")]
    private static partial Regex HubName();
}
