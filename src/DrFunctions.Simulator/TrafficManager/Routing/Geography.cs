using System.Diagnostics.CodeAnalysis;

namespace DrFunctions.Simulator.TrafficManager.Routing;

/// <summary>Traffic Manager's geography: the world, regional groupings, countries and, for four of them, states (Geography.csv).</summary>
internal static class Geography
{
    public const string World = "WORLD";

    private static readonly Dictionary<string, Place> Places = EmbeddedTable.Read("Geography.csv")
        .Select(row => new Place(row[0], row[1].Length == 0 ? null : row[1], row[2], Position.Parse(row[3], row[4])))
        .ToDictionary(place => place.Code, StringComparer.OrdinalIgnoreCase);

    private static readonly ILookup<string?, string> Children =
        Places.Values.ToLookup(place => place.Parent, place => place.Code, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the code names a place, ignoring case.</summary>
    public static bool IsKnown([NotNullWhen(true)] string? code) => code is not null && Places.ContainsKey(code);

    /// <summary>The place and everything around it, the smallest first, up to the world.</summary>
    public static IEnumerable<string> Around(string code)
    {
        for (var at = code; at is not null; at = Places.GetValueOrDefault(at)?.Parent)
        {
            yield return at;
        }
    }

    /// <summary>The places directly inside a place.</summary>
    public static IEnumerable<string> Inside(string code) => Children[code];

    /// <summary>The name of a place.</summary>
    public static string NameOf(string code) => Places[code].Name;

    /// <summary>Where a place's users are, roughly; null for the world.</summary>
    public static Position? PositionOf(string code) => Places.GetValueOrDefault(code)?.Position;

    private sealed record Place(string Code, string? Parent, string Name, Position? Position);
}
