using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Settings;

/// <summary>host.json as configuration keys, with the line of each member.</summary>
/// <param name="Settings">Members below <see cref="Section"/>, so that the environment can override any; log levels where logging looks for them.</param>
/// <param name="Lines">The line of each member, by its path.</param>
internal sealed record HostJsonFile(IReadOnlyDictionary<string, string?> Settings, IReadOnlyDictionary<string, int> Lines)
{
    public const string FileName = "host.json";

    /// <summary>Settings named <c>AzureFunctionsJobHost__member__member</c> win over the file.</summary>
    public const string Section = "AzureFunctionsJobHost";

    /// <summary>What response headers stand below.</summary>
    public const string CustomHeaders = "extensions:http:customHeaders:";

    private const string LogLevels = "logging:logLevel:";

    // Tools and the official host read these; there is nothing to honour here.
    private static readonly string[] Silent = ["$schema", "extensionBundle:", "logging:applicationInsights:", "telemetryMode"];

    /// <summary>Reads the file.</summary>
    /// <param name="directory">Where it is.</param>
    /// <param name="problems">Gets what is wrong with its form; values are checked by <see cref="HostJson.Options"/>, after overrides.</param>
    /// <param name="warnings">Gets what is not honoured here.</param>
    public static HostJsonFile Read(string directory, List<string> problems, List<string> warnings)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var lines = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var unknown = new List<string>();
        var members = JsonFile.Read(Path.Combine(directory, FileName), problems);
        foreach (var member in members ?? [])
        {
            if (member.Path.StartsWith(LogLevels, StringComparison.OrdinalIgnoreCase))
            {
                AddLogLevel(member, settings, problems);
            }
            else if (member.Path.StartsWith(CustomHeaders, StringComparison.OrdinalIgnoreCase)
                || HostMember.All.Any(known => known.Path.Equals(member.Path, StringComparison.OrdinalIgnoreCase)))
            {
                settings[$"{Section}:{member.Path}"] = member.Value ?? "";
                lines[member.Path] = member.Line;
            }
            else if (WrongShape(member) is { } problem)
            {
                problems.Add(problem);
            }
            else if (!Silent.Any(prefix => member.Path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                unknown.Add($"{member.Path} (line {member.Line})");
            }
        }

        if (members is not null && !lines.ContainsKey(HostMember.Version))
        {
            problems.Add($"{FileName}:1: 'version' is missing, expected \"2.0\"");
        }

        if (unknown.Count > 0)
        {
            warnings.Add($"{FileName} has members that the local runtime does not honour: {string.Join(", ", unknown)}");
        }

        return new HostJsonFile(settings, lines);
    }

    private static void AddLogLevel(JsonMember member, Dictionary<string, string?> settings, List<string> problems)
    {
        var category = member.Path[LogLevels.Length..];
        if (Enum.TryParse<LogLevel>(member.Value, ignoreCase: true, out var level) && Enum.IsDefined(level))
        {
            settings["Logging:LogLevel:" + (category.Equals("default", StringComparison.OrdinalIgnoreCase) ? "Default" : category)] = level.ToString();
        }
        else
        {
            problems.Add($"{FileName}:{member.Line}: '{member.Path}' is '{member.Value}', expected {string.Join(", ", Enum.GetNames<LogLevel>())}");
        }
    }

    // A value where members are expected, or members where a value is.
    private static string? WrongShape(JsonMember member)
    {
        var below = member.Path + ":";
        if (member.Kind != System.Text.Json.JsonTokenType.StartObject
            && HostMember.All.Select(known => known.Path).Append(LogLevels).Append(CustomHeaders)
                .Any(known => known.StartsWith(below, StringComparison.OrdinalIgnoreCase)))
        {
            return $"{FileName}:{member.Line}: '{member.Path}' is '{member.Value}', expected an object";
        }

        return HostMember.All.FirstOrDefault(known => member.Path.StartsWith(known.Path + ":", StringComparison.OrdinalIgnoreCase)) is { } parent
            ? $"{FileName}:{member.Line}: '{parent.Path}' has members, expected {parent.Expected}"
            : null;
    }
}
