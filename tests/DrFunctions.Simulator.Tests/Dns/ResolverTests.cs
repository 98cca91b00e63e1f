using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests.Dns;

/// <summary>Other people's resolvers and tools, asking the responder.</summary>
public class ResolverTests
{
    [ToolTheory("kdig", "knot-dnsutils")]
    [InlineData("+notcp")]
    [InlineData("+tcp")]
    [InlineData("+noedns")]
    [InlineData("+subnet=203.0.113.0/24")]
    public async Task Kdig_ProfileName_ShowsAliasAndAddress(string option)
    {
        await using var simulation = await Simulation.StartAsync();

        var output = await ToolTheoryAttribute.RunAsync("kdig", "@127.0.0.1", "-p", Port(simulation), "shop.trafficmanager.net", "A", option);

        Assert.Contains("shop.trafficmanager.net. 7 IN CNAME shop-westeurope.azurewebsites.net.", output, StringComparison.Ordinal);
        Assert.Contains("shop-westeurope.azurewebsites.net. 30 IN A 127.0.0.11", output, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", output, StringComparison.Ordinal);
    }

    [ToolTheory("drill", "ldnsutils")]
    [InlineData("-u")]
    [InlineData("-t")]
    public async Task Drill_ProfileName_ShowsAliasAndAddress(string option)
    {
        await using var simulation = await Simulation.StartAsync();

        var output = await ToolTheoryAttribute.RunAsync("drill", option, "-p", Port(simulation), "shop.trafficmanager.net", "@127.0.0.1", "A");

        Assert.Contains("rcode: NOERROR", output, StringComparison.Ordinal);
        Assert.Contains("shop-westeurope.azurewebsites.net. 30 IN A 127.0.0.11", output, StringComparison.Ordinal);
    }

    [ToolTheory("host", "bind9-host")]
    [InlineData("-U")]
    [InlineData("-T")]
    public async Task Host_ProfileName_ShowsAliasAndAddress(string option)
    {
        await using var simulation = await Simulation.StartAsync();

        var output = await ToolTheoryAttribute.RunAsync("host", option, "-p", Port(simulation), "shop.trafficmanager.net", "127.0.0.1");

        Assert.Contains("shop.trafficmanager.net is an alias for shop-westeurope.azurewebsites.net.", output, StringComparison.Ordinal);
        Assert.Contains("shop-westeurope.azurewebsites.net has address 127.0.0.11", output, StringComparison.Ordinal);
    }

    [ToolTheory("unbound-host", "unbound-host")]
    [InlineData("shop.trafficmanager.net", "A", "shop-westeurope.azurewebsites.net has address 127.0.0.11")]
    [InlineData("shop.trafficmanager.net", "AAAA", "shop.trafficmanager.net is an alias for shop-westeurope.azurewebsites.net.")]
    [InlineData("nobody.trafficmanager.net", "A", "Host nobody.trafficmanager.net not found: 3(NXDOMAIN).")]
    public async Task Unbound_AsRecursiveResolver_FollowsTheAlias(string name, string type, string expected)
    {
        await using var simulation = await Simulation.StartAsync();
        using var folder = new TemporaryFolder();
        var configuration = folder.Combine("unbound.conf");
        await File.WriteAllTextAsync(configuration, $"""
            server:
              do-not-query-localhost: no
              use-caps-for-id: yes
              module-config: "iterator"
            stub-zone:
              name: trafficmanager.net
              stub-addr: 127.0.0.1@{Port(simulation)}
            stub-zone:
              name: azurewebsites.net
              stub-addr: 127.0.0.1@{Port(simulation)}
            """);

        Assert.Contains(expected, await ToolTheoryAttribute.RunAsync("unbound-host", "-C", configuration, "-t", type, name), StringComparison.Ordinal);
    }

    private static string Port(Simulation simulation) => $"{simulation.Simulator.Dns.Port}";
}
