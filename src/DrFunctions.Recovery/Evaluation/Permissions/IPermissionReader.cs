using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Evaluation.Permissions;

/// <summary>Reads what the app's identity may do.</summary>
public interface IPermissionReader
{
    /// <summary>What the caller may do on a resource, by all its roles there and above.</summary>
    /// <param name="scope">The id of a subscription, a resource group or a resource.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="RecoveryException">Resource Manager refuses or does not answer: it is unknown.</exception>
    Task<IReadOnlyList<PermissionGrant>> ReadAsync(string scope, CancellationToken cancellationToken);
}

/// <summary>What one role allows: an action that is in <paramref name="Actions"/> and not in <paramref name="NotActions"/>.</summary>
/// <param name="Actions">Patterns with <c>*</c>, such as <c>Microsoft.Web/*/read</c>.</param>
/// <param name="NotActions">Patterns that are taken off these.</param>
public sealed record PermissionGrant(IReadOnlyList<string> Actions, IReadOnlyList<string> NotActions)
{
    /// <summary>Patterns of operations on data.</summary>
    public IReadOnlyList<string> DataActions { get; init; } = [];

    /// <summary>Patterns that are taken off these.</summary>
    public IReadOnlyList<string> NotDataActions { get; init; } = [];

    /// <summary>Whether the role allows what a step needs.</summary>
    public bool Allows(RequiredPermission required)
    {
        ArgumentNullException.ThrowIfNull(required);
        return required.Kind == PermissionKind.Data
            ? Allows(required.Action, DataActions, NotDataActions)
            : Allows(required.Action, Actions, NotActions);
    }

    // Compared ignoring case; a '*' stands for any characters.
    private static bool Allows(string action, IReadOnlyList<string> given, IReadOnlyList<string> taken) =>
        given.Any(pattern => Matches(pattern, action)) && !taken.Any(pattern => Matches(pattern, action));

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> action)
    {
        // Greedy, with one way back: enough for '*', and linear but for the last star.
        var (at, start, star, mark) = (0, 0, -1, 0);
        while (start < action.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, mark) = (at++, start);
            }
            else if (at < pattern.Length && char.ToUpperInvariant(pattern[at]) == char.ToUpperInvariant(action[start]))
            {
                (at, start) = (at + 1, start + 1);
            }
            else if (star >= 0)
            {
                (at, start) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].IndexOfAnyExcept('*') < 0;
    }
}
