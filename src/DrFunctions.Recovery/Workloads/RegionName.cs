namespace DrFunctions.Recovery.Workloads;

/// <summary>Names of Azure's regions: services write one and the same as <c>westeurope</c> or <c>West Europe</c>.</summary>
public static class RegionName
{
    /// <summary>Whether two names are of one region.</summary>
    public static bool Same(string? left, string? right) => left is not null && right is not null && string.Equals(Plain(left), Plain(right), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) => name.Replace(" ", "", StringComparison.Ordinal);
}
