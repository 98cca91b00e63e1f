namespace DrFunctions.Plans.Fields;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Spelling
{
    private const int MaxLength = 40;

    /// <summary>"did you mean" when one of the likely names is near, otherwise what is known.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> known, IEnumerable<string>? likely = null) =>
        Nearest(name, likely ?? known) is { } near ? $"did you mean '{near}'?" : $"expected {OneOf(known)}.";

    /// <summary>Names as a list to choose from.</summary>
    public static string OneOf(IReadOnlyCollection<string> names) => names.Count switch
    {
        0 => "none",
        1 => names.Single(),
        > 20 => $"one of {string.Join(", ", names.Take(20))}, …",
        _ => $"one of {string.Join(", ", names)}",
    };

    private static string? Nearest(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return null;
        }

        var best = known
            .Where(candidate => candidate.Length <= MaxLength)
            .Select(candidate => (candidate, distance: Distance(name, candidate)))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(1, best.candidate.Length / 3) ? best.candidate : null;
    }

    // Levenshtein's distance, with two neighbours swapped as one mistake, ignoring case.
    private static int Distance(string left, string right)
    {
        var costs = new int[left.Length + 1, right.Length + 1];
        for (var row = 0; row <= left.Length; row++)
        {
            for (var column = 0; column <= right.Length; column++)
            {
                costs[row, column] = row == 0 || column == 0 ? row + column : Cost(costs, left, right, row, column);
            }
        }

        return costs[left.Length, right.Length];
    }

    private static int Cost(int[,] costs, string left, string right, int row, int column)
    {
        var replaced = costs[row - 1, column - 1] + (Same(left[row - 1], right[column - 1]) ? 0 : 1);
        var cost = Math.Min(replaced, Math.Min(costs[row - 1, column], costs[row, column - 1]) + 1);
        var swapped = row > 1 && column > 1 && Same(left[row - 1], right[column - 2]) && Same(left[row - 2], right[column - 1]);
        return swapped ? Math.Min(cost, costs[row - 2, column - 2] + 1) : cost;
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
