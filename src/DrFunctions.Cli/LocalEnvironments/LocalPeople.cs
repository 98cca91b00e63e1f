using DrFunctions.Recovery.People;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>Who may call the app of a local environment: whoever started it, and a second person to approve what that one starts.</summary>
internal static class LocalPeople
{
    /// <summary>The second person's name.</summary>
    public const string Second = "second-person";

    /// <summary>The setting <c>Dr__People</c>.</summary>
    /// <param name="userName">The machine's name of the user; where it cannot be a caller's name, it is <c>local</c>.</param>
    /// <param name="keys">The environment's keys.</param>
    public static string List(string userName, EnvironmentKeys keys)
    {
        var name = userName.ToLowerInvariant();
        return PeopleList.Write(
        [
            new PersonEntry(CallerName.IsValid(name) && name != Second ? name : "local", CallerRoles.Names, [PersonalKeys.Hash(keys.Person)]),
            new PersonEntry(Second, [CallerRole.Approver.Name()], [PersonalKeys.Hash(keys.Approver)]),
        ]);
    }
}
