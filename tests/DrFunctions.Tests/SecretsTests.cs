using System.Text.Json;
using DrFunctions.App.Deployments;
using DrFunctions.App.Telemetry;

namespace DrFunctions.App;

public sealed class SecretsTests
{
    [Fact]
    public async Task Secrets_AfterBackupsRunsAndFailures_AreNowhereButWhereKeysAreKept()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await Deployment.StartAsync(
            null, (TelemetryExport.EndpointName, collector.Address.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        await app.PrepareAsync(app.Plan.Hasty());
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Api.DeliverAsync(Alerts.Common("loss", ShopPlan.West, app.Time.GetUtcNow()));
        var run = await app.Api.EndedAsync("shop-000001-failover");
        await app.Api.GetAsync($"api/runs/{run["runId"]}/report");
        await app.Api.GetAsync($"api/runs/{run["runId"]}/evidence");

        // And where it fails: storage that refuses, a store that is not there, a cloud that refuses the token's user.
        await app.West.DeleteBlobContainerAsync("files");
        await app.North.DeleteBlobContainerAsync("files");
        await app.MoveAsync(TimeSpan.FromMinutes(5));
        await app.TickAsync();
        await app.Api.BackupsAsync("shop", seen => seen["backups.0.state"] == "failed", "failed");
        await app.Api.GetAsync("api/signals");
        await app.Host.StopAsync();

        var secrets = Secrets(app);
        Assert.Equal(15, secrets.Count);
        var planted = app.Control.GetBlobContainerClient("planted");
        await planted.CreateAsync();
        await planted.UploadBlobAsync(
            "canary", BinaryData.FromString(JsonSerializer.Serialize(new { leaked = $"AccountKey={secrets[KeyOf(app.Storage.West)]};" })));
        var places = new List<(string Place, string Text)>();
        places.AddRange(app.Logs.Texts.Select(text => ("a log", text)));
        places.AddRange(app.Api.Answers.Select(text => ("an answer", text)));
        places.AddRange(collector.Texts.Select(text => ("telemetry", text)));
        Assert.Contains(places, place => place.Place == "telemetry");
        foreach (var account in new[] { app.Control, app.North, app.West })
        {
            await foreach (var container in account.GetBlobContainersAsync())
            {
                foreach (var (name, content) in await Deployment.ReadAsync(account.GetBlobContainerClient(container.Name)))
                {
                    places.Add(($"{account.AccountName}/{container.Name}/{name}", System.Text.Encoding.UTF8.GetString(content)));
                }
            }
        }

        Assert.True(places.Count > 200, $"{places.Count} places were searched");
        var leaks = Leaks(places, secrets);
        var found = Assert.Single(leaks); // the one planted above: the search finds what there is
        Assert.StartsWith($"{KeyOf(app.Storage.West)} in {app.Control.AccountName}/planted/canary: ", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key=a+b/c==;")]
    [InlineData("""{"key":"a\u002Bb/c=="}""")]
    [InlineData("""{"text":"{\"key\":\"a\\u002Bb/c==\"}"}""")]
    [InlineData("?key=a%2Bb%2Fc%3D%3D&x=1")]
    public void Search_SecretAsDocumentsAndAddressesWriteIt_IsFound(string text) => Assert.Single(
        Leaks([("a place", text), ("another", "a+b")], new Dictionary<string, string> { ["the key"] = "a+b/c==" }));

    private static List<string> Leaks(IEnumerable<(string Place, string Text)> places, IReadOnlyDictionary<string, string> secrets) =>
    [
        .. from place in places
           where !place.Place.Contains("/azure-webjobs-secrets/", StringComparison.Ordinal)
           from secret in secrets
           where FormsOf(secret.Value).Any(form => place.Text.Contains(form, StringComparison.Ordinal))
           select $"{secret.Key} in {place.Place}: {place.Text[..Math.Min(place.Text.Length, 200)]}",
    ];

    // As it is, as JSON writes it (a '+' is \u002B there), as JSON within JSON does, and as an address does.
    private static string[] FormsOf(string secret)
    {
        var json = JsonEncodedText.Encode(secret).Value;
        return [.. new[] { secret, json, JsonEncodedText.Encode(json).Value, Uri.EscapeDataString(secret) }.Distinct()];
    }

    private static string KeyOf(string account) => $"the key of {account}";

    private static Dictionary<string, string> Secrets(Deployment app)
    {
        var secrets = new Dictionary<string, string>
        {
            ["the Resource Manager token"] = Deployment.Token,
            ["the function key"] = app.Host.FunctionKey,
            ["the master key"] = app.Host.MasterKey,
            ["the Event Grid key"] = app.Host.EventGridKey,
            ["the durable key"] = app.Host.DurableTaskKey,
        };
        foreach (var account in new[] { app.Storage.Control, app.Storage.West, app.Storage.North })
        {
            var connection = app.Storage.Server.ConnectionStringOf(account);
            secrets[KeyOf(account)] = connection.Split("AccountKey=")[1].Split(';')[0];
        }

        foreach (var person in Persons.Names)
        {
            secrets[$"the key of {person}"] = Persons.KeyOf(person);
        }

        secrets["a signature"] = "sig=";
        return secrets;
    }
}
