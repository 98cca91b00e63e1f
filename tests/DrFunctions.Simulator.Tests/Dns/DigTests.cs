using System.Diagnostics;

namespace DrFunctions.Simulator.Tests.Dns;

/// <summary>The tool that everybody trusts, asking the responder.</summary>
public class DigTests
{
    [DigTheory]
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

    [DigTheory]
    [InlineData("nobody.trafficmanager.net", "status: NXDOMAIN")]
    [InlineData("shop.trafficmanager.net", "status: NOERROR")]
    public async Task Dig_Name_ShowsItsStatus(string name, string status)
    {
        await using var simulation = await Simulation.StartAsync();

        var output = await DigAsync(simulation, name, "A", "+noall", "+comments");

        Assert.Contains(status, output, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING: Message", output, StringComparison.Ordinal);
    }

    [DigTheory]
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

    private static async Task<string> DigAsync(Simulation simulation, params string[] arguments)
    {
        var start = new ProcessStartInfo("dig") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-r", "@127.0.0.1", "-p", $"{simulation.Simulator.Dns.Port}", "+tries=1", "+time=10", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Simulation.Patience);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, process.ExitCode);
        return string.Join(' ', output.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class DigTheoryAttribute : TheoryAttribute
    {
        public DigTheoryAttribute()
        {
            var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
            if (!paths.Any(path => File.Exists(Path.Combine(path, "dig"))))
            {
                Skip = "dig is not installed (Debian package bind9-dnsutils).";
            }
        }
    }
}
