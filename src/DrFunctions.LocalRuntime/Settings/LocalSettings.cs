using System.Globalization;
using System.Text.Json;

namespace DrFunctions.LocalRuntime.Settings;

/// <summary>The settings of local.settings.json: <c>Values</c>, <c>ConnectionStrings</c> and <c>Host</c>.</summary>
internal static class LocalSettings
{
    public const string FileName = "local.settings.json";

    /// <summary>Reads the file into configuration keys; <c>__</c> in a name becomes <c>:</c>, as in the environment.</summary>
    public static Dictionary<string, string?> Read(string directory, List<string> problems)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in JsonFile.Read(Path.Combine(directory, FileName), problems) ?? [])
        {
            var (section, name) = Split(member.Path);
            switch (section.ToUpperInvariant())
            {
                case "ISENCRYPTED":
                    if (member.Kind != JsonTokenType.False)
                    {
                        problems.Add(
                            $"{FileName}:{member.Line}: 'IsEncrypted' is {member.Value}, expected false: encrypted settings cannot be read");
                    }

                    break;
                case "VALUES" when IsSetting(member, name, problems):
                    settings[name.Replace("__", ":", StringComparison.Ordinal)] = member.Value;
                    break;
                case "CONNECTIONSTRINGS" when IsSetting(member, name, problems):
                    settings["ConnectionStrings:" + name] = member.Value;
                    break;
                case "HOST" when IsPort(member, name, problems):
                    settings["Host:" + name] = member.Value;
                    break;
            }
        }

        return settings;
    }

    private static bool IsSetting(JsonMember member, string name, List<string> problems)
    {
        if (member.Kind == JsonTokenType.StartObject && name.Length == 0)
        {
            return false;
        }

        // A colon is allowed in a name; a nested object looks the same here and reads the same.
        if (name.Length > 0 && member.Kind is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False)
        {
            return true;
        }

        problems.Add($"{FileName}:{member.Line}: '{member.Path}' is {Found(member.Kind)}, expected {(name.Length == 0 ? "an object" : "a string")}");
        return false;
    }

    private static bool IsPort(JsonMember member, string name, List<string> problems)
    {
        if (!name.Equals("LocalHttpPort", StringComparison.OrdinalIgnoreCase)
            || ushort.TryParse(member.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return true;
        }

        problems.Add($"{FileName}:{member.Line}: '{member.Path}' is '{member.Value}', expected a port from 0 (any free one) to 65535");
        return false;
    }

    private static string Found(JsonTokenType kind) => kind switch
    {
        JsonTokenType.Null => "null",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        _ => "true or false",
    };

    private static (string Section, string Name) Split(string path)
    {
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (path, "") : (path[..colon], path[(colon + 1)..]);
    }
}
