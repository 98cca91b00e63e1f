namespace DrFunctions.Simulator.Authorization;

/// <summary>Patterns of operations in roles: <c>*</c> stands for any characters, case does not matter. Pure.</summary>
internal static class ActionPattern
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> action)
    {
        var star = pattern.IndexOf('*');
        if (star < 0)
        {
            return pattern.Equals(action, StringComparison.OrdinalIgnoreCase);
        }

        if (!action.StartsWith(pattern[..star], StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // What stands between two stars may be found anywhere: the first place is as good as any.
        var rest = pattern[(star + 1)..];
        var left = action[star..];
        for (var next = rest.IndexOf('*'); next >= 0; next = rest.IndexOf('*'))
        {
            var place = left.IndexOf(rest[..next], StringComparison.OrdinalIgnoreCase);
            if (place < 0)
            {
                return false;
            }

            left = left[(place + next)..];
            rest = rest[(next + 1)..];
        }

        return left.EndsWith(rest, StringComparison.OrdinalIgnoreCase);
    }
}
