using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Tests.Workloads;

public sealed class WorkloadNameTests
{
    [Theory]
    [InlineData("shop", true)]
    [InlineData("s", true)]
    [InlineData("shop-2", true)]
    [InlineData("a234567890123456789012345678901234567890", true)]
    [InlineData("a2345678901234567890123456789012345678901", false)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("2shop", false)]
    [InlineData("-shop", false)]
    [InlineData("_", false)]
    [InlineData("Shop", false)]
    [InlineData("shöp", false)]
    [InlineData("shop\n", false)]
    [InlineData("shop/x", false)]
    [InlineData("shop.x", false)]
    [InlineData("..", false)]
    public void IsValid_AName_HasItsShape(string? name, bool expected) => Assert.Equal(expected, WorkloadName.IsValid(name));
}
