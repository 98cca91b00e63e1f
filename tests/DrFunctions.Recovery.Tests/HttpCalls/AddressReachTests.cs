using System.Net;
using DrFunctions.Recovery.HttpCalls;

namespace DrFunctions.Recovery.Tests.HttpCalls;

public sealed class AddressReachTests
{
    [Theory]
    [InlineData("8.8.8.8", AddressReach.Public)]
    [InlineData("172.15.255.255", AddressReach.Public)]
    [InlineData("172.32.0.0", AddressReach.Public)]
    [InlineData("2606:4700::1111", AddressReach.Public)]
    [InlineData("10.0.0.1", AddressReach.Private)]
    [InlineData("127.0.0.1", AddressReach.Private)]
    [InlineData("127.255.255.254", AddressReach.Private)]
    [InlineData("172.16.0.1", AddressReach.Private)]
    [InlineData("192.168.1.1", AddressReach.Private)]
    [InlineData("100.64.0.1", AddressReach.Private)]
    [InlineData("::1", AddressReach.Private)]
    [InlineData("fd12:3456::1", AddressReach.Private)]
    [InlineData("::ffff:127.0.0.1", AddressReach.Private)]
    [InlineData("64:ff9b::7f00:1", AddressReach.Private)]
    [InlineData("2002:7f00:1::", AddressReach.Private)]
    [InlineData("169.254.169.254", AddressReach.Forbidden)]
    [InlineData("168.63.129.16", AddressReach.Forbidden)]
    [InlineData("::ffff:169.254.169.254", AddressReach.Forbidden)]
    [InlineData("fe80::1", AddressReach.Forbidden)]
    [InlineData("fd00:ec2::254", AddressReach.Forbidden)]
    [InlineData("0.0.0.0", AddressReach.Forbidden)]
    [InlineData("::", AddressReach.Forbidden)]
    [InlineData("255.255.255.255", AddressReach.Forbidden)]
    [InlineData("224.0.0.1", AddressReach.Forbidden)]
    [InlineData("ff02::1", AddressReach.Forbidden)]
    [InlineData("2001::1", AddressReach.Forbidden)]
    [InlineData("::127.0.0.1", AddressReach.Forbidden)]
    [InlineData("4000::1", AddressReach.Forbidden)]
    public void Reach_OfAnAddress_IsThatOfTheRegistries(string address, AddressReach reach) =>
        Assert.Equal(reach, AddressReaches.Of(IPAddress.Parse(address)));
}
