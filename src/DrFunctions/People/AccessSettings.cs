using System.Globalization;
using DrFunctions.Recovery;
using DrFunctions.Recovery.People;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.App.People;

/// <summary>Who may call, and how often: the app settings of docs/design.md, section 4, checked.</summary>
/// <param name="People">Whom personal keys belong to.</param>
/// <param name="FunctionKeyRoles">What a caller may do that has a function key and nothing else.</param>
/// <param name="EasyAuth">Whether the principal's header is the platform's word.</param>
/// <param name="BehindFrontEnd">Whether the platform stands in front and says where a request came from.</param>
/// <param name="RequestsPerMinute">Of one caller.</param>
/// <param name="AlertsPerMinute">Of one source of alerts.</param>
internal sealed record AccessSettings(
    KnownPeople People, CallerRole FunctionKeyRoles, bool EasyAuth, bool BehindFrontEnd, int RequestsPerMinute, int AlertsPerMinute)
{
    private const int UsualRequests = 1_200;
    private const int UsualAlerts = 12_000;
    private const int MostPerMinute = 1_000_000;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="RecoveryException">Code <c>InvalidSettings</c>: the message names every mistake, and no key.</exception>
    public static AccessSettings Read(IConfiguration settings)
    {
        var mistakes = new List<string>();
        var people = PeopleList.Read(settings["Dr:People"], out var wrong);
        mistakes.AddRange(wrong.Select(mistake => $"Dr__People: {mistake}"));
        var read = new AccessSettings(
            new KnownPeople(people),
            ReadRoles("Dr__FunctionKeyRole", settings["Dr:FunctionKeyRole"], mistakes),
            ReadFlag("Dr__EasyAuth", settings["Dr:EasyAuth"], mistakes) ?? string.Equals(settings["WEBSITE_AUTH_ENABLED"], "true", StringComparison.OrdinalIgnoreCase),
            !string.IsNullOrEmpty(settings["WEBSITE_INSTANCE_ID"]),
            ReadCount("Dr__RequestsPerMinute", settings["Dr:RequestsPerMinute"], UsualRequests, mistakes),
            ReadCount("Dr__AlertsPerMinute", settings["Dr:AlertsPerMinute"], UsualAlerts, mistakes));
        return mistakes.Count == 0 ? read : throw new RecoveryException(
            "InvalidSettings",
            $"The app settings have mistakes: {string.Join("; ", mistakes)}.",
            isTransient: false,
            "Correct the settings and start the app again.");
    }

    // Azure Monitor's webhooks can carry a key in their address and nothing else.
    private static CallerRole ReadRoles(string name, string? text, List<string> mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return CallerRole.AlertSource;
        }

        if (text == "none")
        {
            return CallerRole.None;
        }

        var roles = CallerRole.None;
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Approvals are a person's; whoever has this key is nobody in particular.
            if (!CallerRoles.TryParse(part, out var role) || role == CallerRole.Approver)
            {
                mistakes.Add($"{name}: '{part}', expected none, reader, operator or alertSource");
            }

            roles |= role;
        }

        return roles;
    }

    private static bool? ReadFlag(string name, string? text, List<string> mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (!bool.TryParse(text, out var flag))
        {
            mistakes.Add($"{name}: '{text}', expected true or false");
        }

        return flag;
    }

    private static int ReadCount(string name, string? text, int usual, List<string> mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return usual;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MostPerMinute)
        {
            mistakes.Add($"{name}: '{text}', expected a whole number from 1 to {MostPerMinute}");
        }

        return count;
    }
}
