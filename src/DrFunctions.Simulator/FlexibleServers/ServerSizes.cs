namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>Storage sizes with their performance tiers: https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-storage.</summary>
internal static class ServerSizes
{
    private static readonly (int SizeGB, string Tier, int Iops)[] Steps =
    [
        (32, "P4", 120), (64, "P6", 240), (128, "P10", 500), (256, "P15", 1100), (512, "P20", 2300), (1024, "P30", 5000),
        (2048, "P40", 7500), (4096, "P50", 7500), (8192, "P60", 16000), (16384, "P70", 18000), (32768, "P80", 20000),
    ];

    public const int Min = 32;

    public const int Max = 32768;

    public static IReadOnlyList<string> Tiers { get; } = ["P1", "P2", "P3", .. Steps.Select(step => step.Tier)];

    public static string TierOf(int sizeGB) => Steps.First(step => sizeGB <= step.SizeGB).Tier;

    public static int IopsOf(string tier) => Steps.FirstOrDefault(step => step.Tier == tier, Steps[0]).Iops;
}
