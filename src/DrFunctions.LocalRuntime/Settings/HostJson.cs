using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime.Settings;

/// <summary>The options of the host: host.json, and what overrides it.</summary>
internal static class HostJson
{
    /// <summary>The options; what is wrong is told with its line, or with the setting that overrides the file.</summary>
    public static HostOptions Options(IConfiguration configuration, HostJsonFile file, List<string> problems, List<string> warnings)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in HostMember.All)
        {
            if (Value(member, configuration, file, problems) is { } value)
            {
                values[member.Path] = value;
            }
        }

        if (values.TryGetValue(HostMember.ExtendedSessions, out var sessions) && bool.Parse(sessions))
        {
            warnings.Add($"{Origin(HostMember.ExtendedSessions, configuration, file)}: extended sessions are not kept: every turn of an orchestration is a replay");
        }

        var defaults = new HostOptions();
        return new HostOptions
        {
            RoutePrefix = values.GetValueOrDefault(HostMember.RoutePrefix, defaults.RoutePrefix).Trim('/'),
            FunctionTimeout = values.TryGetValue(HostMember.FunctionTimeout, out var timeout) ? HostMember.ToTime(timeout) : defaults.FunctionTimeout,
            MaxOutstandingRequests = HostMember.ToCount(values.GetValueOrDefault(HostMember.MaxOutstandingRequests)),
            MaxConcurrentRequests = HostMember.ToCount(values.GetValueOrDefault(HostMember.MaxConcurrentRequests)),
            CustomHeaders = Headers(configuration, file, problems),
            HubName = values.GetValueOrDefault(HostMember.HubName, defaults.HubName),
            HubConnection = values.GetValueOrDefault(HostMember.HubConnection, defaults.HubConnection),
            HubPollInterval = HostMember.ToTime(values.GetValueOrDefault(HostMember.HubPollInterval)),
            MaxConcurrentActivities = HostMember.ToCount(values.GetValueOrDefault(HostMember.MaxConcurrentActivities)),
            MaxConcurrentOrchestrators = HostMember.ToCount(values.GetValueOrDefault(HostMember.MaxConcurrentOrchestrators)),
        };
    }

    // The valid value, with its settings resolved; null where there is none.
    private static string? Value(HostMember member, IConfiguration configuration, HostJsonFile file, List<string> problems)
    {
        if (configuration[Key(member.Path)] is not { } written)
        {
            return null;
        }

        var origin = Origin(member.Path, configuration, file);
        var value = BindingExpressions.Resolve(written, origin, configuration, problems);
        if (value is null || member.IsValid(value))
        {
            return value;
        }

        problems.Add($"{origin} is '{value}', expected {member.Expected}");
        return null;
    }

    private static Dictionary<string, string> Headers(IConfiguration configuration, HostJsonFile file, List<string> problems)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in configuration.GetSection(Key(HostJsonFile.CustomHeaders.TrimEnd(':'))).GetChildren())
        {
            var origin = Origin(HostJsonFile.CustomHeaders + header.Key, configuration, file);
            if (header.Value is not { } value || value.Any(char.IsControl))
            {
                problems.Add($"{origin} is '{header.Value}', expected the text of a header");
            }
            else if (header.Key.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_')))
            {
                problems.Add($"{origin} is not the name of a header");
            }
            else
            {
                headers[header.Key] = value;
            }
        }

        return headers;
    }

    // Whose value it is: the file's, with its line, or that of a setting over it.
    private static string Origin(string path, IConfiguration configuration, HostJsonFile file) =>
        file.Lines.TryGetValue(path, out var line) && file.Settings[Key(path)] == configuration[Key(path)]
            ? $"{HostJsonFile.FileName}:{line}: '{path}'"
            : $"setting {Key(path).Replace(":", "__", StringComparison.Ordinal)}";

    private static string Key(string path) => $"{HostJsonFile.Section}:{path}";
}
