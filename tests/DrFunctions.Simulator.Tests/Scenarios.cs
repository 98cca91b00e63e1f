namespace DrFunctions.Simulator.Tests;

internal static class Scenarios
{
    public const string Subscription = "11111111-2222-3333-4444-555555555555";

    /// <summary>Two regions, a site in each, the second stopped, one profile by priority over both.</summary>
    public static Scenario Shop() => new()
    {
        SubscriptionId = Subscription,
        ResourceGroups = ["shop"],
        Regions =
        [
            new() { Name = "westeurope", Address = "127.0.0.11" },
            new() { Name = "northeurope", Address = "127.0.0.12" },
        ],
        Sites =
        [
            new() { Name = "shop-westeurope", ResourceGroup = "shop", Region = "westeurope" },
            new() { Name = "shop-northeurope", ResourceGroup = "shop", Region = "northeurope", State = SiteStatus.Stopped },
        ],
        TrafficManagerProfiles = [Profile()],
    };

    public static ScenarioProfile Profile() => new()
    {
        Name = "shop",
        ResourceGroup = "shop",
        TtlInSeconds = 7,
        Monitor = new() { IntervalInSeconds = 10, TimeoutInSeconds = 5, ToleratedNumberOfFailures = 2 },
        Endpoints =
        [
            new() { Name = "westeurope", Site = "shop-westeurope", Priority = 1 },
            new() { Name = "northeurope", Site = "shop-northeurope", Priority = 2 },
        ],
    };

    public static Scenario With(this Scenario scenario, Func<ScenarioProfile, ScenarioProfile> change) =>
        scenario with { TrafficManagerProfiles = [change(scenario.TrafficManagerProfiles[0]), .. scenario.TrafficManagerProfiles.Skip(1)] };

    public static Scenario BothRunning(this Scenario scenario) =>
        scenario with { Sites = [.. scenario.Sites.Select(site => site with { State = SiteStatus.Running })] };
}
