namespace DrFunctions.Simulator.Tests;

public class ScenarioTests
{
    private const string Valid = """
        {
          // comments are welcome
          "subscriptionId": "s",
          "resourceGroups": ["shop"],
          "regions": [{ "name": "westeurope", "address": "127.0.0.11" }],
          "sites": [{ "name": "web", "resourceGroup": "SHOP", "region": "WestEurope", "state": "Stopped", "contentUrl": "http://127.0.0.1:1/c?sig=x" }],
          "trafficManagerProfiles": [{
            "name": "shop", "resourceGroup": "shop", "ttlInSeconds": 5,
            "monitor": { "intervalInSeconds": 10 },
            "endpoints": [{ "name": "one", "site": "web", "priority": 1 }, { "name": "two", "target": "www.example.org", "priority": 2 }]
          }],
        }
        """;

    [Fact]
    public void Parse_WholeScenario_ReadsEveryPart()
    {
        var scenario = Scenario.Parse(Valid);

        Assert.Equal(SiteStatus.Stopped, scenario.Sites[0].State);
        Assert.Equal("/health", scenario.Sites[0].HealthPath);
        Assert.Equal(5, scenario.TrafficManagerProfiles[0].TtlInSeconds);
        Assert.Equal("www.example.org", scenario.TrafficManagerProfiles[0].Endpoints[1].Target);
        Assert.Equal("WORLD", scenario.ClientLocation);
    }

    [Fact]
    public void ToJson_AnyScenario_IsReadBackTheSame()
    {
        var json = Scenario.Parse(Valid).ToJson();

        Assert.Equal(json, Scenario.Parse(json).ToJson());
    }

    [Theory]
    [InlineData("\"name\": \"westeurope\"", "\"nam\": \"westeurope\"", "regions[0]")]
    [InlineData("\"state\": \"Stopped\"", "\"state\": \"Asleep\"", "sites[0].state")]
    [InlineData("\"state\": \"Stopped\"", "\"state\": 1", "sites[0].state")]
    [InlineData("127.0.0.11", "10.0.0.1", "regions[0].address: expected an address such as 127.0.0.11 (127.0.0.0/8) and found '10.0.0.1'")]
    [InlineData("127.0.0.11", "127.11", "regions[0].address: expected an address such as 127.0.0.11 (127.0.0.0/8) and found '127.11'")]
    [InlineData("\"WestEurope\"", "\"mars\"", "sites[0].region: expected one of westeurope and found 'mars'")]
    [InlineData("\"SHOP\"", "\"other\"", "sites[0].resourceGroup: expected one of shop and found 'other'")]
    [InlineData("\"site\": \"web\"", "\"site\": \"wob\"", "trafficManagerProfiles[0].endpoints[0].site: expected one of web and found 'wob'")]
    [InlineData("\"site\": \"web\", ", "", "trafficManagerProfiles[0].endpoints[0]: expected one of site, target and profile and found none")]
    [InlineData("\"site\": \"web\"", "\"site\": \"web\", \"profile\": \"shop\"", "trafficManagerProfiles[0].endpoints[0]: expected one of site, target and profile and found site and profile")]
    [InlineData("\"target\": \"www.example.org\"", "\"profile\": \"none\"", "trafficManagerProfiles[0].endpoints[1].profile: expected the name of one profile and found 'none', which none has")]
    [InlineData("\"target\": \"www.example.org\"", "\"profile\": \"shop\"", "The profile 'shop' cannot be nested so: it would lead to itself")]
    [InlineData("\"target\": \"www.example.org\"", "\"target\": \"127.0.0.1\"", "the target of 'one' is of type DomainName, that of 'two' of type IPv4Address")]
    [InlineData("\"priority\": 2", "\"priority\": 2, \"subnets\": [\"1.2.3.0/x\"]", "The value \"x\" of 'properties.endpoints[1].properties.subnets[0].scope' is invalid: expected a whole number from 0 to 128.")]
    [InlineData("\"intervalInSeconds\": 10", "\"expectedStatusCodes\": [\"200-x\"]", "The value \"x\" of 'properties.monitorConfig.expectedStatusCodeRanges[0].max' is invalid")]
    [InlineData("\"subscriptionId\": \"s\"", "\"subscriptionId\": \"s\", \"latencies\": [{ \"from\": \"DE\", \"to\": \"mars\", \"milliseconds\": 1 }]", "latencies[0].to: expected a region such as westeurope and found 'mars'")]
    [InlineData("\"subscriptionId\": \"s\"", "\"subscriptionId\": \"s\", \"latencies\": [{ \"from\": \"X\", \"to\": \"eastus\", \"milliseconds\": -1 }]", "latencies[0].milliseconds: expected 0 or more and found -1")]
    [InlineData("\"priority\": 2", "\"priority\": 1", "No two endpoints can share the same priority: 'one' and 'two' both have 1.")]
    [InlineData("\"intervalInSeconds\": 10", "\"intervalInSeconds\": 20", "monitor.intervalInSeconds: expected one of 10, 30 and found 20")]
    [InlineData("\"subscriptionId\": \"s\"", "\"subscriptionId\": \"s\", \"clientLocation\": \"MOON\"", "clientLocation: expected a geography code such as WORLD, GEO-EU or DE and found 'MOON'")]
    [InlineData("\"subscriptionId\": \"s\"", "\"subscriptionId\": \"s\", \"clientNetworks\": [{ \"subnet\": \"10.0.0.1/8\", \"location\": \"DE\" }]", "clientNetworks[0].subnet")]
    [InlineData("\"subscriptionId\": \"s\"", "\"subscriptionId\": \"s\", \"resourceManager\": { \"pageSize\": 0 }", "resourceManager.pageSize: expected 1 to 1000 and found 0")]
    [InlineData("\"subscriptionId\": \"s\"", "\"subscriptionId\": \"s\", \"resourceManager\": { \"throttlingScale\": 0 }", "resourceManager.throttlingScale: expected more than 0, at most 1000 and found 0")]
    [InlineData("\"subscriptionId\": \"s\"", "\"subscriptionId\": \"s\", \"resourceManager\": { \"operationSecondsByName\": { \"X\": -1 } }", "resourceManager.operationSecondsByName.X: expected 0 to 86400 and found -1")]
    [InlineData("\"state\": \"Stopped\"", "\"plan\": \"none\"", "sites[0].plan: expected one of appServicePlans in the site's resource group and region and found 'none'")]
    [InlineData("\"sites\": [", "\"appServicePlans\": [{ \"name\": \"p\", \"resourceGroup\": \"shop\", \"region\": \"westeurope\", \"sku\": \"Z1\" }], \"sites\": [", "appServicePlans[0].sku: expected one of F1, D1")]
    [InlineData("\"sites\": [", "\"appServicePlans\": [{ \"name\": \"p\", \"resourceGroup\": \"shop\", \"region\": \"westeurope\", \"capacity\": 11 }], \"sites\": [", "appServicePlans[0].capacity: expected 1 to 10 and found 11")]
    [InlineData("\"subscriptionId\": \"s\",", "", "subscriptionId")]
    [InlineData("\"sites\": [", "\"sites\": null, \"x\": [", "sites")]
    [InlineData("{", "[", "")]
    public void Parse_OneMistake_NamesTheMember(string part, string wrong, string expected)
    {
        var exception = Assert.Throws<ScenarioException>(() => Scenario.Parse(Replace(part, wrong)));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ContentUrlNotValid_NeverRepeatsIt()
    {
        var exception = Assert.Throws<ScenarioException>(() => Scenario.Parse(Replace("http://127.0.0.1:1/c?sig=x", "ftp://secret")));

        Assert.Equal(["sites[0].contentUrl: expected an absolute http or https URL"], exception.Mistakes.Select(mistake => $"{mistake.Path}: {mistake.Message}"));
    }

    [Fact]
    public void Load_FileAbsent_NamesIt()
    {
        var exception = Assert.Throws<ScenarioException>(() => Scenario.Load("/does/not/exist.json"));

        Assert.Contains("/does/not/exist.json: the file cannot be read", exception.Message, StringComparison.Ordinal);
    }

    private static string Replace(string part, string wrong)
    {
        var at = Valid.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0);
        return Valid[..at] + wrong + Valid[(at + part.Length)..];
    }
}
