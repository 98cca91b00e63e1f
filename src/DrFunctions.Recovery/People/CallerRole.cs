namespace DrFunctions.Recovery.People;

/// <summary>What a caller may do; a caller may have several. Written as <c>"reader, operator"</c>.</summary>
[Flags]
public enum CallerRole
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reads everything but secrets, which nobody can read.</summary>
    Reader = 1,

    /// <summary>Applies plans; starts, retries, skips, undoes and cancels. May read.</summary>
    Operator = 2,

    /// <summary>Approves, declines and overrides. May read.</summary>
    Approver = 4,

    /// <summary>Posts alerts, and nothing else.</summary>
    AlertSource = 8,
}

/// <summary>Which role is enough for what.</summary>
public static class CallerRoles
{
    /// <summary>The names that settings, tokens and messages use.</summary>
    public static IReadOnlyList<string> Names { get; } = ["reader", "operator", "approver", "alertSource"];

    /// <summary>Whether someone with the roles <paramref name="held"/> may do what asks for <paramref name="needed"/>.</summary>
    /// <param name="held">Any number of roles.</param>
    /// <param name="needed">Exactly one role.</param>
    public static bool Allow(this CallerRole held, CallerRole needed) => needed switch
    {
        CallerRole.Reader => (held & (CallerRole.Reader | CallerRole.Operator | CallerRole.Approver)) != 0,
        CallerRole.Operator or CallerRole.Approver or CallerRole.AlertSource => (held & needed) != 0,
        _ => throw new ArgumentOutOfRangeException(nameof(needed), needed, "Expected exactly one role."),
    };

    /// <summary>The role's name as settings, tokens and messages write it.</summary>
    /// <param name="role">Exactly one role.</param>
    public static string Name(this CallerRole role) => role switch
    {
        CallerRole.Reader => "reader",
        CallerRole.Operator => "operator",
        CallerRole.Approver => "approver",
        CallerRole.AlertSource => "alertSource",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Expected exactly one role."),
    };

    /// <summary>Reads one role's name, in any case; false when it is none.</summary>
    public static bool TryParse(string? name, out CallerRole role)
    {
        role = name?.ToUpperInvariant() switch
        {
            "READER" => CallerRole.Reader,
            "OPERATOR" => CallerRole.Operator,
            "APPROVER" => CallerRole.Approver,
            "ALERTSOURCE" => CallerRole.AlertSource,
            _ => CallerRole.None,
        };
        return role != CallerRole.None;
    }
}
