namespace DrFunctions.Recovery.People;

/// <summary>Who asked for something, and how it is known.</summary>
/// <param name="Name">A <see cref="CallerName"/>. Two callers of one name are one person, however each was authenticated.</param>
/// <param name="Roles">What the caller might do when it asked.</param>
/// <param name="Authentication">How it is known who asked.</param>
public sealed record CallerIdentity(string Name, CallerRole Roles, CallerAuthentication Authentication)
{
    /// <summary>The directory's own id of the person, which outlives a change of name; null where there is no directory.</summary>
    public string? ObjectId { get; init; }

    /// <summary>A part of DrFunctions that acts by itself: <c>incident shop-000001</c>.</summary>
    public static CallerIdentity System(string name) => new(name, CallerRole.None, CallerAuthentication.Internal);

    /// <summary>Whether both are one person: by name, or by the directory's id.</summary>
    public bool IsSamePersonAs(CallerIdentity other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase) || (ObjectId is not null && ObjectId == other.ObjectId);
    }

    /// <summary>For people: <c>ann (personal key)</c>; a part of DrFunctions by its name alone.</summary>
    public override string ToString() => Authentication == CallerAuthentication.Internal ? Name : $"{Name} ({Authentication.InWords()})";
}

/// <summary>How it is known who asked.</summary>
public enum CallerAuthentication
{
    /// <summary>By the key of one person.</summary>
    PersonalKey,

    /// <summary>By Entra ID, whose word Easy Auth passed on.</summary>
    EntraId,

    /// <summary>By Entra ID, too, but it is an application: a system, never a person.</summary>
    EntraApplication,

    /// <summary>By a key of the function app that many may hold: a system, never a person.</summary>
    FunctionKey,

    /// <summary>Not at all: DrFunctions acted by itself, on an alert or a schedule.</summary>
    Internal,
}

/// <summary>Words for <see cref="CallerAuthentication"/>.</summary>
public static class CallerAuthentications
{
    /// <summary>As records for people say it.</summary>
    public static string InWords(this CallerAuthentication authentication) => authentication switch
    {
        CallerAuthentication.PersonalKey => "personal key",
        CallerAuthentication.EntraId => "Entra ID",
        CallerAuthentication.EntraApplication => "application in Entra ID",
        CallerAuthentication.FunctionKey => "function key",
        _ => "by itself",
    };

    /// <summary>Whether a person stands behind it. Only persons approve and override.</summary>
    public static bool IsPerson(this CallerAuthentication authentication) =>
        authentication is CallerAuthentication.PersonalKey or CallerAuthentication.EntraId;
}
