using DrFunctions.App.Deployments;

namespace DrFunctions.App;

public sealed class SecretsTests
{
    [Fact]
    public async Task Secrets_AfterBackupsRunsAndFailures_AreNowhereButWhereKeysAreKept()
    {
        await using var app = await Deployment.StartAsync();
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
        Assert.Equal(9, secrets.Count);
        var places = new List<(string Place, string Text)>();
        places.AddRange(app.Logs.Texts.Select(text => ("a log", text)));
        places.AddRange(app.Api.Answers.Select(text => ("an answer", text)));
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
        var leaks = from place in places
                    from secret in secrets
                    where place.Text.Contains(secret.Value, StringComparison.Ordinal)
                        && !place.Place.Contains("/azure-webjobs-secrets/", StringComparison.Ordinal)
                    select $"{secret.Key} in {place.Place}: {place.Text[..Math.Min(place.Text.Length, 200)]}";
        Assert.Empty(leaks);
    }

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
            secrets[$"the key of {account}"] = connection.Split("AccountKey=")[1].Split(';')[0];
        }

        secrets["a signature"] = "sig=";
        return secrets;
    }
}
