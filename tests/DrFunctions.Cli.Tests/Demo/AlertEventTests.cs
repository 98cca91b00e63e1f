using Azure.Messaging.EventGrid;
using DrFunctions.Cli.Demo;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cli.Tests.Demo;

public sealed class AlertEventTests
{
    private static readonly DateTimeOffset Fired = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ResourceId Site = ResourceId.Parse("/subscriptions/s/resourceGroups/shop/providers/Microsoft.Web/sites/shop-westeurope");

    [Fact]
    public void Create_MakesWhatEventGridsOwnLibraryReads()
    {
        var read = Assert.Single(EventGridEvent.ParseMany(BinaryData.FromString(Event())));

        Assert.Equal((AlertEvent.EventType, Site.Value, "a1", Fired), (read.EventType, read.Subject, read.Id, read.EventTime));
    }

    [Fact]
    public void Create_MakesAFiredSignalAboutTheResource()
    {
        var body = Event()[1..^1];

        var signal = SignalReader.Read(body, Fired.AddSeconds(1));

        Assert.Equal(SignalCondition.Fired, signal.Condition);
        Assert.Equal([Site], signal.Resources);
        Assert.Equal(Fired, signal.OccurredAt);
    }

    private static string Event() => AlertEvent.Create(Site, "westeurope", "/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/a1", Fired);
}
