using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>The redundancies of a storage account and what a failover makes of them.</summary>
internal static class StorageSku
{
    public static IReadOnlyList<string> Names { get; } =
        ["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS", "Standard_GZRS", "Standard_RAGZRS", "Premium_LRS", "Premium_ZRS"];

    /// <summary>What is left in the new primary region after an unplanned failover.</summary>
    public const string AfterFailover = "Standard_LRS";

    public static string TierOf(string sku) => sku.Split('_')[0];

    /// <summary>Whether another region has a copy.</summary>
    public static bool IsGeoRedundant(string sku) => Scheme(sku) is "GRS" or "RAGRS" or "GZRS" or "RAGZRS";

    /// <summary>Whether the copy can be read while the primary is up.</summary>
    public static bool IsReadable(string sku) => Scheme(sku) is "RAGRS" or "RAGZRS";

    public static bool IsZonal(string sku) => Scheme(sku) is "ZRS" or "GZRS" or "RAGZRS";

    /// <summary>The redundancy after a planned failover: zones stay where they were and come back with the failback.</summary>
    /// <param name="sku">The redundancy now.</param>
    /// <param name="zonal">Whether the region that becomes primary had the zones.</param>
    public static string AfterPlannedFailover(string sku, bool zonal)
    {
        var readable = IsReadable(sku);
        return (readable, zonal) switch
        {
            (false, false) => "Standard_GRS",
            (false, true) => "Standard_GZRS",
            (true, false) => "Standard_RAGRS",
            (true, true) => "Standard_RAGZRS",
        };
    }

    /// <exception cref="ArmRejection">There is no such redundancy.</exception>
    public static string Require(string sku) => Names.FirstOrDefault(name => ArmRouter.Is(name, sku))
        ?? throw StorageErrors.Invalid($"The value '{sku}' of 'sku.name' is invalid: expected one of {string.Join(", ", Names)}.");

    private static string Scheme(string sku) => sku[(sku.IndexOf('_', StringComparison.Ordinal) + 1)..];
}
