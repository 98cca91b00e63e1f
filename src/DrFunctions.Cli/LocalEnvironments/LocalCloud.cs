using System.Net;
using Azure.Storage.Sas;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>The simulated cloud that a plan needs.</summary>
internal static class LocalCloud
{
    private static readonly TimeSpan SignatureLife = TimeSpan.FromDays(30);

    /// <summary>The address that the primary region's web endpoint answers at.</summary>
    public static IPAddress PrimaryAddress { get; } = IPAddress.Parse("127.0.0.11");

    /// <summary>The address that the secondary region's web endpoint answers at.</summary>
    public static IPAddress SecondaryAddress { get; } = IPAddress.Parse("127.0.0.12");

    /// <summary>
    /// Two regions, each with its web app in front of its own container (the primary's runs, the secondary's is stopped), and the
    /// profile: priority, probed every 10 s, no failure tolerated, answers kept 5 s.
    /// </summary>
    public static Scenario ScenarioOf(
        WorkloadPlan plan, StorageEmulator primary, StorageEmulator secondary, string token, TimeProvider time)
    {
        var store = plan.Containers.First(); // The sample plan has one.
        return new Scenario
        {
            SubscriptionId = Segment(plan.Primary.WebApp, 1),
            ResourceGroups =
            [
                .. new[] { plan.Primary.WebApp, plan.Secondary.WebApp, plan.Traffic.Profile }
                    .Select(ResourceGroup).Distinct(StringComparer.OrdinalIgnoreCase),
            ],
            Regions =
            [
                new ScenarioRegion { Name = plan.Primary.Name, Address = PrimaryAddress.ToString() },
                new ScenarioRegion { Name = plan.Secondary.Name, Address = SecondaryAddress.ToString() },
            ],
            Sites =
            [
                Site(plan.Primary, SiteStatus.Running, Signed(primary, store.Primary.Container, time)),
                Site(plan.Secondary, SiteStatus.Stopped, Signed(secondary, store.Secondary.Container, time)),
            ],
            TrafficManagerProfiles =
            [
                new ScenarioProfile
                {
                    Name = plan.Traffic.Profile.Name,
                    ResourceGroup = ResourceGroup(plan.Traffic.Profile),
                    RoutingMethod = "Priority",
                    TtlInSeconds = 5,
                    Monitor = new ScenarioMonitor { Path = "/health", IntervalInSeconds = 10, TimeoutInSeconds = 5, ToleratedNumberOfFailures = 0 },
                    Endpoints =
                    [
                        new ScenarioEndpoint { Name = plan.Traffic.PrimaryEndpoint, Site = plan.Primary.WebApp.Name, Priority = 1 },
                        new ScenarioEndpoint { Name = plan.Traffic.SecondaryEndpoint, Site = plan.Secondary.WebApp.Name, Priority = 2 },
                    ],
                },
            ],
            BearerToken = token,
        };
    }

    private static ScenarioSite Site(Region region, SiteStatus state, Uri content) => new()
    {
        Name = region.WebApp.Name,
        ResourceGroup = ResourceGroup(region.WebApp),
        Region = region.Name,
        State = state,
        ContentUrl = content.ToString(),
    };

    private static Uri Signed(StorageEmulator account, string container, TimeProvider time) =>
        account.Container(container).GenerateSasUri(
            BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, time.GetUtcNow() + SignatureLife);

    private static string ResourceGroup(ResourceId id) => Segment(id, 3);

    private static string Segment(ResourceId id, int index) => id.Value[1..].Split('/')[index];
}
