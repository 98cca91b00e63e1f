using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Plans;

namespace DrFunctions.Cli.Tests.LocalEnvironments;

public sealed class SamplePlanTests
{
    [Fact]
    public void ForLocal_CarriesThePortAndAShortDwell_AndIsValid()
    {
        var read = PlanReader.Read(SamplePlan.ForLocal(new LocalPorts(18_000)));

        Assert.True(read.IsValid, string.Join('\n', read.Mistakes));
        Assert.Equal(SamplePlan.Workload, read.Plan.Workload);
        Assert.Equal("http://shop-westeurope.azurewebsites.net:18080/health", read.Plan.Primary.Health.ToString());
        Assert.Equal("http://shop-northeurope.azurewebsites.net:18080/health", read.Plan.Secondary.Health.ToString());
        Assert.Equal("http://shop.trafficmanager.net:18080/health", read.Plan.Traffic.Check.ToString());
        Assert.Equal(SamplePlan.LocalDwell, read.Plan.Incidents.Dwell);
    }

    [Fact]
    public void Scenario_OfTheSample_IsOneThatTheSimulatorAccepts()
    {
        var plan = PlanReader.Read(SamplePlan.ForLocal(new LocalPorts(18_000))).Plan!; // valid, as the other test shows
        var account = new StorageEmulator(new StorageEmulatorOptions("", "shop", 1, "", "", "", ""), TimeProvider.System);

        var scenario = LocalCloud.ScenarioOf(plan, account, account, "token", TimeProvider.System);

        scenario.Validate();
        Assert.Equal(["westeurope", "northeurope"], scenario.TrafficManagerProfiles[0].Endpoints.Select(endpoint => endpoint.Name));
        Assert.Equal(["shop"], scenario.ResourceGroups);
        Assert.All(scenario.Sites, site => Assert.Contains("sig=", site.ContentUrl, StringComparison.Ordinal));
    }
}
