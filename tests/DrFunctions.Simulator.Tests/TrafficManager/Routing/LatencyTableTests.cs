using DrFunctions.Simulator.TrafficManager.Routing;

namespace DrFunctions.Simulator.Tests.TrafficManager.Routing;

public class LatencyTableTests
{
    [Theory]
    [InlineData("NL", "northeurope", 8, 16)]
    [InlineData("NL", "eastus", 75, 105)]
    [InlineData("NL", "Southeast Asia", 135, 180)]
    [InlineData("US-WA", "westus2", 0, 5)]
    [InlineData("AU-NSW", "australiaeast", 0, 5)]
    [InlineData("BR", "brazilsouth", 0, 5)]
    public void Between_PlaceAndRegion_IsPlausible(string place, string region, double least, double most) =>
        Assert.InRange(new LatencyTable([]).Between(place, region), least, most);

    [Theory]
    [InlineData("WORLD", "westeurope")]
    [InlineData("NL", "nowhere")]
    [InlineData("NL", null)]
    public void Between_WhereNobodyKnows_IsInfinite(string place, string? region) =>
        Assert.Equal(double.PositiveInfinity, new LatencyTable([]).Between(place, region));

    [Fact]
    public void Geography_EveryPlaceButTheWorld_HasAPositionANameAndAWayToTheWorld()
    {
        var waiting = new Queue<string>(Geography.Inside(Geography.World));
        var seen = 0;
        while (waiting.TryDequeue(out var place))
        {
            seen++;
            var position = Assert.NotNull(Geography.PositionOf(place));
            Assert.InRange(position.Latitude, -90, 90);
            Assert.InRange(position.Longitude, -180, 180);
            Assert.False(string.IsNullOrWhiteSpace(Geography.NameOf(place)));
            Assert.Equal(Geography.World, Geography.Around(place).Last());
            foreach (var inner in Geography.Inside(place))
            {
                waiting.Enqueue(inner);
            }
        }

        Assert.Equal(8 + 252 + 76, seen);
        Assert.Null(Geography.PositionOf(Geography.World));
    }
}
