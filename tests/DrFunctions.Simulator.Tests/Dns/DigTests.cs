namespace DrFunctions.Simulator.Tests.Dns;

/// <summary>The tool that everybody trusts, asking the responder.</summary>
public class DigTests
{
    [ToolTheory("dig", "bind9-dnsutils")]
    [InlineData("+notcp")]
    [InlineData("+tcp")]
    [InlineData("+noedns")]
    [InlineData("+bufsize=4096")]
    public async Task Dig_ProfileName_ShowsAliasAndAddress(string option)
    {
        await using var simulation = await Simulation.StartAsync();

        var output = await DigAsync(simulation, "shop.trafficmanager.net", "A", option, "+noall", "+answer");

        Assert.Contains("shop.trafficmanager.net. 7 IN CNAME shop-westeurope.azurewebsites.net.", output, StringComparison.Ordinal);
        Assert.Contains("shop-westeurope.azurewebsites.net. 30 IN A 127.0.0.11", output, StringComparison.Ordinal);
    }

    [ToolTheory("dig", "bind9-dnsutils")]
    [InlineData("nobody.trafficmanager.net", "status: NXDOMAIN")]
    [InlineData("shop.trafficmanager.net", "status: NOERROR")]
    public async Task Dig_Name_ShowsItsStatus(string name, string status)
    {
        await using var simulation = await Simulation.StartAsync();

        var output = await DigAsync(simulation, name, "A", "+noall", "+comments");

        Assert.Contains(status, output, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING: Message", output, StringComparison.Ordinal);
    }

    [ToolTheory("dig", "bind9-dnsutils")]
    [InlineData("203.0.113.7/32", "CLIENT-SUBNET: 203.0.113.7/32/24")]
    [InlineData("198.51.100.0/24", "CLIENT-SUBNET: 198.51.100.0/24/5")]
    [InlineData("0", "CLIENT-SUBNET: 0.0.0.0/0/0")]
    public async Task Dig_ClientSubnet_IsEchoedWithItsScope(string subnet, string expected)
    {
        await using var simulation = await Simulation.StartAsync(
            (Scenarios.Shop() with { ClientNetworks = [new() { Subnet = "203.0.113.0/24", Location = "DE" }] }).With(profile => profile with { RoutingMethod = "Performance" }));

        var output = await DigAsync(simulation, "shop.trafficmanager.net", "A", "+subnet=" + subnet, "+noall", "+comments");

        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [ToolTheory("dig", "bind9-dnsutils")]
    [InlineData("+noedns")]
    [InlineData("+bufsize=512")]
    public async Task Dig_LongAnswer_IsAskedAgainOverTcp(string option)
    {
        await using var simulation = await Simulation.StartAsync(DnsServerTests.LongNames());

        var output = await DigAsync(simulation, DnsServerTests.LongName + ".trafficmanager.net", "A", option);

        Assert.Contains("Truncated, retrying in TCP mode.", output, StringComparison.Ordinal);
        Assert.Contains(".example.org.", output, StringComparison.Ordinal);
    }

    [ToolTheory("dig", "bind9-dnsutils")]
    [InlineData("status: REFUSED", "version.bind", "TXT", "CH")]
    [InlineData("status: NOTIMP", "+opcode=UPDATE", "shop.trafficmanager.net", "SOA")]
    [InlineData("status: BADVERS", "+edns=1", "+noednsneg", "shop.trafficmanager.net", "A")]
    [InlineData("status: NOERROR", "+dnssec", "+nsid", "+cookie", "+padding=128", "shop.trafficmanager.net", "HTTPS")]
    [InlineData("flags: do;", "+dnssec", "shop.trafficmanager.net", "AAAA")]
    [InlineData("Transfer failed.", "trafficmanager.net", "AXFR")]
    public async Task Dig_Unusual_ShowsWhatAServerAnswers(string expected, params string[] arguments)
    {
        await using var simulation = await Simulation.StartAsync();

        Assert.Contains(expected, await DigAsync(simulation, arguments), StringComparison.Ordinal);
    }

    private static Task<string> DigAsync(Simulation simulation, params string[] arguments) => ToolTheoryAttribute.RunAsync(
        "dig", ["-r", "@127.0.0.1", "-p", $"{simulation.Simulator.Dns.Port}", "+tries=1", "+time=10", .. arguments]);
}
