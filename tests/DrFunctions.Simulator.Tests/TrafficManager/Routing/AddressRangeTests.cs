using System.Net;
using DrFunctions.Simulator.TrafficManager.Routing;

namespace DrFunctions.Simulator.Tests.TrafficManager.Routing;

public class AddressRangeTests
{
    [Theory]
    [InlineData("203.0.113.0", null, 24, "203.0.113.0/24")]
    [InlineData("203.0.113.7", null, null, "203.0.113.7/32")]
    [InlineData("0.0.0.0", null, 0, "0.0.0.0/0")]
    [InlineData("10.0.0.1", "10.0.0.6", null, "10.0.0.1/32 10.0.0.2/31 10.0.0.4/31 10.0.0.6/32")]
    [InlineData("10.0.0.0", "10.0.1.255", null, "10.0.0.0/23")]
    [InlineData("0.0.0.0", "255.255.255.255", null, "0.0.0.0/0")]
    [InlineData("255.255.255.254", "255.255.255.255", null, "255.255.255.254/31")]
    [InlineData("::", null, 0, "::/0")]
    [InlineData("2001:db8::", null, 32, "2001:db8::/32")]
    [InlineData("2001:db8::1", "2001:db8::2", null, "2001:db8::1/128 2001:db8::2/128")]
    public void Networks_Range_AreItsFewestParts(string first, string? last, int? scope, string expected)
    {
        Assert.True(AddressRange.TryCreate(first, last, scope, out var range, out _));

        var networks = range.Networks().ToList();

        Assert.Equal(expected, string.Join(' ', networks));
        Assert.True(networks[0].Contains(range.First));
        Assert.True(networks[^1].Contains(range.Last));
        Assert.All(networks, network => Assert.True(range.Contains(network.BaseAddress)));
    }

    [Theory]
    [InlineData("203.0.113.7", null, 24, "'203.0.113.7' is not where a network with a prefix of 24 bits starts")]
    [InlineData("203.0.113.0", null, 33, "'203.0.113.0' is not where a network with a prefix of 33 bits starts")]
    [InlineData("203.0.113.0", "203.0.113.9", 24, "either last or scope, not both")]
    [InlineData("203.0.113.7", "203.0.113.6", null, "'203.0.113.6' is no address of the family of '203.0.113.7' that does not come before it")]
    [InlineData("203.0.113.7", "::1", null, "'::1' is no address of the family of '203.0.113.7' that does not come before it")]
    [InlineData("203.0.113.7", "x", null, "'x' is no address of the family of '203.0.113.7' that does not come before it")]
    [InlineData("1.2.3", null, null, "'1.2.3' is no address")]
    [InlineData("x", null, 3, "'x' is no address")]
    public void TryCreate_NoRange_SaysWhy(string first, string? last, int? scope, string expected)
    {
        Assert.False(AddressRange.TryCreate(first, last, scope, out _, out var reason));
        Assert.Equal(expected, reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Networks_AnyRange_HoldExactlyItsAddresses(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var (low, high) = (random.Next(1 << 12), random.Next(1 << 12));
            Assert.True(AddressRange.TryCreate(At(Math.Min(low, high)), At(Math.Max(low, high)), null, out var range, out _));
            var networks = range.Networks().ToList();
            for (var probe = 0; probe < 1 << 12; probe += 1 + random.Next(40))
            {
                var address = IPAddress.Parse(At(probe));
                Assert.Equal(range.Contains(address) ? 1 : 0, networks.Count(network => network.Contains(address)));
            }
        }

        static string At(int number) => $"10.9.{number >> 8}.{number & 255}";
    }
}
