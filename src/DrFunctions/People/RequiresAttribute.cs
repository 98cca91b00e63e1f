using DrFunctions.Recovery.People;

namespace DrFunctions.App.People;

/// <summary>The role that a caller of this HTTP function needs. A function without it is refused to everyone.</summary>
/// <param name="role">Exactly one role.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresAttribute(CallerRole role) : Attribute
{
    public CallerRole Role { get; } = role;
}
