using System.Net.Http.Json;
using System.Security.Cryptography;
using Azure.Core;
using DrFunctions.Backup;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Cloud.KeyVault;
using DrFunctions.Simulator;

namespace DrFunctions.Cloud.Tests.KeyVault;

/// <summary>Repositories whose slots are keys of simulated vaults, over the wire.</summary>
public sealed class KeyVaultTests : IAsyncLifetime
{
    private static readonly Scenario Vaults = new()
    {
        SubscriptionId = "s",
        Regions = [new() { Name = "westeurope", Address = "127.0.0.11" }, new() { Name = "northeurope", Address = "127.0.0.12" }],
        KeyVaults =
        [
            new() { Name = "shop-we", Region = "westeurope", Keys = ["backup", "other"] },
            new() { Name = "shop-ne", Region = "northeurope", Keys = ["backup"] },
        ],
    };

    private static readonly BackupEngine Engine = new();

    private readonly MemoryRepository objects = new();
    private readonly string recoveryKey = KeyWrappers.NewRecoveryKey();
    private AzureSimulator azure = null!; // set by InitializeAsync

    public async Task InitializeAsync() => azure = await AzureSimulator.StartAsync(new SimulatorOptions { Scenario = Vaults });

    public async Task DisposeAsync() => await azure.DisposeAsync();

    [Fact]
    public async Task OpenAsync_WithEitherVaultOrTheRecoveryKey_IsTheSameRepository()
    {
        var created = await CreateAsync();

        foreach (var secret in new[] { Primary, Secondary, KeyWrappers.OfRecoveryKey(recoveryKey) })
        {
            using var opened = await Engine.OpenAsync(objects, [secret]);
            Assert.Equal(secret.Kind, opened.Opening.Kind);
        }

        Assert.Equal(["paper", "primary", "secondary"], created);
    }

    /// <summary>The app, the primary's vault and the primary region are gone: the copy opens with the other vault, and with the recovery key alone.</summary>
    [Fact]
    public async Task OpenAsync_ThePrimaryRegionIsLost_TheCopyOpensWithTheOtherVaultAndWithTheRecoveryKeyAlone()
    {
        await CreateAsync();
        var copy = new MemoryRepository();
        await foreach (var item in objects.ListAsync("", default))
        {
            await using var content = Assert.IsType<Stream>(await objects.OpenReadAsync(item.Key, default), exactMatch: false);
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes);
            await copy.ReplaceAsync(item.Key, bytes.ToArray(), default);
        }

        await azure.SetRegionDarkAsync("westeurope", dark: true);

        using var opened = await Engine.OpenAsync(copy, [Primary, Secondary, KeyWrappers.OfRecoveryKey(recoveryKey)]);
        Assert.Equal("secondary", opened.Opening.Slot);
        var passed = Assert.Single(opened.Opening.PassedOver);
        Assert.True(passed.IsTransient);
        Assert.EndsWith(": the vault cannot be reached", passed.Reason, StringComparison.Ordinal);

        await azure.SetRegionDarkAsync("northeurope", dark: true);
        using var alone = await Engine.OpenAsync(copy, [Primary, Secondary, KeyWrappers.OfRecoveryKey(recoveryKey)]);
        Assert.Equal(("paper", 2), (alone.Opening.Slot, alone.Opening.PassedOver.Count));

        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.OpenAsync(copy, [Primary, Secondary]));
        Assert.Equal((BackupErrors.KeyUnavailable, true), (error.Code, error.IsTransient));
    }

    [Fact]
    public async Task OpenAsync_ANewVersionOfTheKey_OldSlotsOpenAndNewOnesUseIt()
    {
        await CreateAsync();
        await VaultAsync("POST", "shop-we", "keys/backup/create", new { kty = "RSA" });

        using var opened = await Engine.OpenAsync(objects, [Primary]);

        Assert.Equal("primary", opened.Opening.Slot);
        var (one, two) = (await Primary.CreateAsync(default, default), await Primary.OpenAsync(default, new Dictionary<string, string>(), default));
        Assert.Null(two);
        Assert.EndsWith(await NewestAsync(), one.Parameters["key"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_TheVersionIsDisabled_SaysSo()
    {
        await CreateAsync();
        await VaultAsync("PATCH", "shop-we", $"keys/backup/{await NewestAsync()}", new { attributes = new { enabled = false } });

        await AssertRefusedAsync(": the key is disabled");
    }

    [Fact]
    public async Task OpenAsync_TheKeyIsDeleted_SaysThatItIsNotThere()
    {
        await CreateAsync();
        await VaultAsync("DELETE", "shop-we", "keys/backup");

        await AssertRefusedAsync(": there is no such key or version (status 404, KeyNotFound: A key with (name/id) backup/");
    }

    [Fact]
    public async Task OpenAsync_AnotherKeyOfTheVault_OpensNothingAndAsksNothing()
    {
        await CreateAsync();
        var before = azure.ReadRequests(new()).Requests.Count;

        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.OpenAsync(objects, [Key("shop-we", "other")]));

        Assert.Equal(BackupErrors.WrongSecret, error.Code);
        Assert.Equal(before, azure.ReadRequests(new()).Requests.Count);
    }

    /// <summary>What a slot says of its vault is compared, never followed.</summary>
    [Fact]
    public async Task OpenAsync_SlotThatNamesAnotherPlace_SendsNoTokenThere()
    {
        var parameters = new Dictionary<string, string>((await Primary.CreateAsync(default, default)).Parameters);
        parameters["key"] = parameters["key"].Replace(azure.KeyVaults["shop-we"].Authority, azure.KeyVaults["shop-ne"].Authority, StringComparison.Ordinal);
        var before = azure.ReadRequests(new()).Requests.Count;

        Assert.Null(await Primary.OpenAsync(default, parameters, default));

        Assert.Equal(before, azure.ReadRequests(new()).Requests.Count);
    }

    [Fact]
    public async Task OpenAsync_EveryByteOfTheWrappedKeyChanged_OpensNothing()
    {
        var parameters = new Dictionary<string, string>((await Primary.CreateAsync(default, default)).Parameters);
        var right = Convert.FromBase64String(parameters["wrappingKey"]);
        for (var at = 0; at < right.Length; at += 16)
        {
            byte[] wrong = [.. right];
            wrong[at] ^= 1;
            parameters["wrappingKey"] = Convert.ToBase64String(wrong);
            Assert.Null(await Primary.OpenAsync(default, parameters, default));
        }
    }

    private IKeyWrapper Primary => Key("shop-we", "backup");

    private IKeyWrapper Secondary => Key("shop-ne", "backup");

    private IKeyWrapper Key(string vault, string name) => new KeyVaultOptions
    {
        Thumbprint = azure.CertificateThumbprint,
        Credential = DelegatedTokenCredential.Create((_, _) => new AccessToken("a-token", DateTimeOffset.MaxValue)),
        RetryDelay = TimeSpan.FromMilliseconds(1),
    }.Open($"{azure.KeyVaults[vault]}keys/{name}");

    private async Task<string[]> CreateAsync()
    {
        var wrappers = new Dictionary<string, IKeyWrapper> { ["primary"] = Primary, ["secondary"] = Secondary, ["paper"] = KeyWrappers.OfRecoveryKey(recoveryKey) };
        (await Engine.CreateAsync(objects, wrappers)).Dispose();
        var slots = new List<string>();
        await foreach (var item in objects.ListAsync("keys/", default))
        {
            slots.Add(item.Key.Split('/')[^1]);
        }

        return [.. slots.Order(StringComparer.Ordinal)];
    }

    private async Task AssertRefusedAsync(string reason)
    {
        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.OpenAsync(objects, [Primary]));
        Assert.Equal((BackupErrors.WrongSecret, false), (error.Code, error.IsTransient));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private async Task<string> NewestAsync() =>
        System.Text.Json.Nodes.JsonNode.Parse(await VaultAsync("GET", "shop-we", "keys/backup"))?["key"]?["kid"]?.GetValue<string>().Split('/')[^1] ?? "";

    private async Task<string> VaultAsync(string method, string vault, string path, object? body = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == azure.CertificateThumbprint },
        });
        client.DefaultRequestHeaders.Authorization = new("Bearer", "a-token");
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(azure.KeyVaults[vault], path + "?api-version=7.4")) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, response.ToString());
        return await response.Content.ReadAsStringAsync();
    }
}
