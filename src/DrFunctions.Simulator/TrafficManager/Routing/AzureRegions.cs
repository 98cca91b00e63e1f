namespace DrFunctions.Simulator.TrafficManager.Routing;

/// <summary>Azure's regions and where they are (AzureRegions.csv); names compare as <c>West Europe</c> and <c>westeurope</c> do.</summary>
internal static class AzureRegions
{
    private static readonly Dictionary<string, (string Display, Position Position)> Regions = EmbeddedTable.Read("AzureRegions.csv")
        .ToDictionary(row => row[0], row => (row[1], Position.Parse(row[2], row[3])!.Value)); // every region has one

    public static bool IsKnown(string name) => Regions.ContainsKey(Normalize(name));

    /// <summary>Where the region is; null when it is none of Azure's.</summary>
    public static Position? PositionOf(string name) => Regions.TryGetValue(Normalize(name), out var region) ? region.Position : null;

    /// <summary>The name people see; the name itself when the region is none of Azure's.</summary>
    public static string DisplayNameOf(string name) => Regions.TryGetValue(Normalize(name), out var region) ? region.Display : name;

    /// <summary>Whether both name one region.</summary>
    public static bool Same(string left, string right) => Normalize(left) == Normalize(right);

    public static string Normalize(string name) => name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
}
