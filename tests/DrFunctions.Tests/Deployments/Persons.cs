using System.Security.Cryptography;
using DrFunctions.Recovery.People;

namespace DrFunctions.App.Deployments;

/// <summary>Who may call a deployment: one with every role, and others with one role each.</summary>
internal static class Persons
{
    public const string Everything = "ada";

    private static readonly Dictionary<string, (string Key, string[] Roles)> All = new()
    {
        [Everything] = (PersonalKeys.Create(RandomNumberGenerator.Create()), [.. CallerRoles.Names]),
        ["rita"] = (PersonalKeys.Create(RandomNumberGenerator.Create()), ["reader"]),
        ["otto"] = (PersonalKeys.Create(RandomNumberGenerator.Create()), ["operator"]),
        ["anna"] = (PersonalKeys.Create(RandomNumberGenerator.Create()), ["approver"]),
        ["bert"] = (PersonalKeys.Create(RandomNumberGenerator.Create()), ["approver"]),
        ["monitor"] = (PersonalKeys.Create(RandomNumberGenerator.Create()), ["alertSource"]),
    };

    /// <summary>The setting that makes them known.</summary>
    public static string Setting { get; } =
        PeopleList.Write(All.Select(person => new PersonEntry(person.Key, person.Value.Roles, [PersonalKeys.Hash(person.Value.Key)])));

    public static IEnumerable<string> Names => All.Keys;

    public static string KeyOf(string name) => All[name].Key;

    public static CallerRole RolesOf(string name) => new PersonEntry(name, All[name].Roles, []).Role();
}
