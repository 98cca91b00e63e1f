namespace DrFunctions.Recovery.Objectives.Uptime;

/// <summary>
/// The availability of a tree of components. It is assumed that parts fail independently and that a parallel part takes over at once. Real parts share networks,
/// certificates, deployments and mistakes, and a failover takes time: the figure is the best that the parts allow, not a promise.
/// </summary>
public static class ComponentAvailability
{
    /// <summary>The most parts of one component.</summary>
    public const int MostParts = 64;

    /// <summary>The deepest tree; a single part is 1 deep.</summary>
    public const int DeepestTree = 32;

    /// <summary>Computes it. Never above 1, never below 0; a last digit may be rounded at 28 places.</summary>
    /// <exception cref="ArgumentException">
    /// A component has no parts or too many, a quorum needs more parts than there are or less than one, or the tree is too deep.
    /// </exception>
    public static Availability Of(Component component)
    {
        ArgumentNullException.ThrowIfNull(component);
        return new Availability(Share(component, 1));
    }

    private static decimal Share(Component component, int depth)
    {
        if (depth > DeepestTree)
        {
            throw new ArgumentException($"{component.Name}: {depth} deep, expected at most {DeepestTree}.", nameof(component));
        }

        return component switch
        {
            SinglePart single => single.Availability.Share,
            InSeries series => Shares(series, series.Parts, depth).Aggregate((all, part) => all * part),
            InParallel parallel => 1 - Shares(parallel, parallel.Parts, depth).Select(part => 1 - part).Aggregate((none, part) => none * part),
            Quorum quorum => AtLeast(quorum, Shares(quorum, quorum.Parts, depth)),
            _ => throw new ArgumentException($"'{component.GetType().Name}' is not a kind of component.", nameof(component)),
        };
    }

    private static List<decimal> Shares(Component component, IReadOnlyList<Component> parts, int depth) =>
        parts.Count is >= 1 and <= MostParts
            ? [.. parts.Select(part => Share(part, depth + 1))]
            : throw new ArgumentException($"{component.Name}: {parts.Count} parts, expected 1 to {MostParts}.", nameof(component));

    // How likely it is that exactly so many of the parts seen so far work: the convolution of the parts, which may all differ.
    private static decimal AtLeast(Quorum quorum, List<decimal> shares)
    {
        if (quorum.Needed < 1 || quorum.Needed > shares.Count)
        {
            throw new ArgumentException(
                $"{quorum.Name}: {quorum.Needed} of {shares.Count} parts needed, expected 1 to {shares.Count}.", nameof(quorum));
        }

        var working = new decimal[shares.Count + 1];
        working[0] = 1;
        for (var seen = 0; seen < shares.Count; seen++)
        {
            for (var count = seen + 1; count >= 0; count--)
            {
                working[count] = (working[count] * (1 - shares[seen])) + (count == 0 ? 0 : working[count - 1] * shares[seen]);
            }
        }

        // Rounded sums may pass 1 by a digit at the 28th place.
        return Math.Min(1, working.Skip(quorum.Needed).Sum());
    }
}
