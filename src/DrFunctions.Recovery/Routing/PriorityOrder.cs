namespace DrFunctions.Recovery.Routing;

/// <summary>Numbers endpoints anew. Pure.</summary>
internal static class PriorityOrder
{
    /// <summary>Priorities 1, 2, 3 … by rank, then by the priority that they had.</summary>
    public static IReadOnlyList<EndpointSetting> Assign(IEnumerable<EndpointSetting> settings, Func<EndpointSetting, int> rank) =>
    [
        .. settings
            .OrderBy(rank)
            .ThenBy(setting => setting.Priority ?? int.MaxValue)
            .Select((setting, index) => setting with { Priority = index + 1 }),
    ];
}
