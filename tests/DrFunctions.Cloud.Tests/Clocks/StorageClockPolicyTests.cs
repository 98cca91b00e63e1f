using DrFunctions.Cloud.Clocks;
using DrFunctions.Recovery.Documents;
using DrFunctions.Testing.Emulators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.Cloud.Tests.Clocks;

[Collection(StorageAccounts.Name)]
public sealed class StorageClockPolicyTests(AzuriteFixture fixture)
{
    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Read_OfNothingEvenIsAnAnswer_TellsTheAccountsTime(int minutes)
    {
        var clock = new StorageClock(new AheadClock(TimeSpan.FromMinutes(minutes)));
        var settings = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = fixture.Server.ConnectionStringOf("westeurope") };
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(clock)
            .AddDrFunctionsCloud(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();

        Assert.Null(await services.GetRequiredService<IDocumentStore>().ReadAsync("clock", default));

        Assert.InRange(clock.HostIsAhead!.Value.TotalSeconds, (minutes * 60) - 2, (minutes * 60) + 2); // it was told
    }

    private sealed class AheadClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
