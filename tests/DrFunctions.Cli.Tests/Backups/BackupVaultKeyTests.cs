using Azure.Core;
using DrFunctions.Cloud.KeyVault;
using DrFunctions.Simulator;

namespace DrFunctions.Cli.Tests.Backups;

/// <summary>Repositories that keys of two simulated vaults open, over the wire.</summary>
public sealed class BackupVaultKeyTests : IAsyncLifetime, IDisposable
{
    private static readonly Scenario Vaults = new()
    {
        SubscriptionId = "s",
        Regions = [new() { Name = "westeurope", Address = "127.0.0.11" }, new() { Name = "northeurope", Address = "127.0.0.12" }],
        KeyVaults =
        [
            new() { Name = "shop-we", Region = "westeurope", Keys = ["backup"] },
            new() { Name = "shop-ne", Region = "northeurope", Keys = ["backup", "next"] },
        ],
    };

    private readonly BackupScene scene = new();
    private AzureSimulator azure = null!; // set by InitializeAsync

    public async Task InitializeAsync()
    {
        azure = await AzureSimulator.StartAsync(new SimulatorOptions { Scenario = Vaults });
        scene.With = host => host with
        {
            Vaults = new KeyVaultOptions
            {
                Thumbprint = azure.CertificateThumbprint,
                Credential = DelegatedTokenCredential.Create((_, _) => new AccessToken("a-token", DateTimeOffset.MaxValue)),
                RetryDelay = TimeSpan.FromMilliseconds(1),
            },
        };
        scene.Variables.Clear();
        scene.Write("a.txt", "one");
        await scene.DocumentAsync("init", "--vault-key", KeyOf("shop-we"), "--vault-key", KeyOf("shop-ne"));
    }

    public async Task DisposeAsync() => await azure.DisposeAsync();

    public void Dispose() => scene.Dispose();

    [Fact]
    public async Task Init_TwoVaults_NeedsNoPassphraseAndListNamesTheKeys()
    {
        var slots = (await scene.DocumentAsync("key", "list"))["slots"]!.AsArray(); // It is there.

        Assert.Equal(["recovery", "vault-a", "vault-b"], slots.Select(slot => (string?)slot!["name"])); // They are objects.
        Assert.StartsWith(KeyOf("shop-we") + "/", (string?)slots[1]!["vaultKey"], StringComparison.Ordinal); // As before.
        Assert.StartsWith(KeyOf("shop-ne") + "/", (string?)slots[2]!["vaultKey"], StringComparison.Ordinal); // As before.
    }

    [Fact]
    public async Task Restore_ARegionIsLost_TheOtherVaultOpensIt()
    {
        await scene.DocumentAsync("run", scene.Source, "--vault-key", KeyOf("shop-we"));
        await azure.SetRegionDarkAsync("westeurope", dark: true);

        var restored = await scene.DrAsync("restore", "--to", scene.At("target"), "--vault-key", KeyOf("shop-we"), "--vault-key", KeyOf("shop-ne"));
        var alone = await scene.DrAsync("list", "--vault-key", KeyOf("shop-we"));

        Assert.Equal((0, 4), (restored.Code, alone.Code));
        Assert.Contains("did not open it", restored.Output, StringComparison.Ordinal);
        Assert.Equal(["a.txt: one"], BackupScene.Files(scene.At("target")));
    }

    [Fact]
    public async Task Rotate_ToAnotherKeyOfAVault_TheOldOneOpensNothing()
    {
        var next = $"{azure.KeyVaults["shop-ne"]}keys/next";

        var rotated = await scene.DocumentAsync("key", "rotate", "vault-a", "--new-vault-key", next, "--vault-key", KeyOf("shop-ne"));

        Assert.Equal(("vault-a-2", "keyVault"), ((string?)rotated["slot"], (string?)rotated["kind"]));
        Assert.Equal((5, 0), ((await scene.DrAsync("list", "--vault-key", KeyOf("shop-we"))).Code, (await scene.DrAsync("list", "--vault-key", next)).Code));
    }

    [Fact]
    public async Task AnyVerb_TheUrlIsNone_NamesTheOption()
    {
        var outcome = await scene.DrAsync("list", "--vault-key", "https://elsewhere.example/keys/backup");

        Assert.Equal(2, outcome.Code);
        Assert.Contains("--vault-key: The URL of the key is not one: 'https://elsewhere.example/keys/backup' is in none of vault.azure.net", BackupScene.Unwrapped(outcome.Error), StringComparison.Ordinal);
    }

    private string KeyOf(string vault) => $"{azure.KeyVaults[vault]}keys/backup";
}
