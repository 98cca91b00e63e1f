using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.AppServicePlans;

/// <summary>The size of a plan and how many instances it has.</summary>
/// <param name="Name">Such as <c>P1v3</c>.</param>
/// <param name="Tier">Such as <c>PremiumV3</c>.</param>
/// <param name="Capacity">Instances.</param>
internal sealed record PlanSku(string Name, string Tier, int Capacity)
{
    /// <summary>Tiers with their sizes and the instances that they allow.</summary>
    /// <remarks>https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-app-service-limits.</remarks>
    private static readonly (string Tier, int MaxCapacity, string[] Names)[] Tiers =
    [
        ("Free", 1, ["F1"]),
        ("Shared", 1, ["D1"]),
        ("Basic", 3, ["B1", "B2", "B3"]),
        ("Standard", 10, ["S1", "S2", "S3"]),
        ("Premium", 20, ["P1", "P2", "P3"]),
        ("PremiumV2", 30, ["P1v2", "P2v2", "P3v2"]),
        ("PremiumV3", 30, ["P0v3", "P1v3", "P2v3", "P3v3"]),
        ("PremiumMV3", 30, ["P1mv3", "P2mv3", "P3mv3", "P4mv3", "P5mv3"]),
        ("Isolated", 100, ["I1", "I2", "I3"]),
        ("IsolatedV2", 100, ["I1v2", "I2v2", "I3v2", "I4v2", "I5v2", "I6v2"]),
        ("ElasticPremium", 20, ["EP1", "EP2", "EP3"]),
    ];

    public static IEnumerable<string> Names => Tiers.SelectMany(tier => tier.Names);

    public int MaxCapacity => MaxCapacityOf(Name);

    /// <summary>Name without its number: <c>Pv3</c> of <c>P1v3</c>.</summary>
    public string Family
    {
        get
        {
            var number = Name.AsSpan().IndexOfAnyInRange('0', '9');
            return Name.Remove(number, 1);
        }
    }

    /// <summary>The size of that name, ignoring case, with one instance; null when there is none.</summary>
    public static PlanSku? Find(string name) => Tiers
        .SelectMany(tier => tier.Names.Select(each => new PlanSku(each, tier.Tier, 1)))
        .FirstOrDefault(sku => ArmRouter.Is(sku.Name, name));

    private static int MaxCapacityOf(string name) => Tiers.First(tier => tier.Names.Contains(name)).MaxCapacity;
}
