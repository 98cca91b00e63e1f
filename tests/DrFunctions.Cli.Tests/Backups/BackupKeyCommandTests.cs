using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace DrFunctions.Cli.Tests.Backups;

/// <summary>What opens a repository is listed, added, removed and rotated.</summary>
public sealed class BackupKeyCommandTests : IDisposable
{
    private readonly BackupScene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    public async Task List_NeedsNoSecretAndShowsNone()
    {
        var made = await scene.DocumentAsync("init");
        scene.Variables.Clear();

        var listed = await scene.DrAsync("key", "list");
        var slots = (await scene.DocumentAsync("key", "list"))["slots"]!.AsArray(); // It is there.

        Assert.Equal([("passphrase", "passphrase"), ("recovery", "recoveryKey")], slots.Select(slot => ((string?)slot!["name"], (string?)slot["kind"]))); // They are objects.
        Assert.Equal(["name", "kind", "createdAt", "isBeingRemoved"], slots[0]!.AsObject().Select(member => member.Key)); // As before.
        Assert.DoesNotContain((string?)made["recoveryKey"] ?? "it has one", listed.Output, StringComparison.Ordinal);
        Assert.Contains("recoveryKey", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_APassphraseOfAVariableOrAFile_OpensTheRepository()
    {
        await scene.DocumentAsync("init");
        scene.Variables["NEXT"] = "another";
        await File.WriteAllTextAsync(scene.At("secret.txt"), "a third\n");

        await scene.DocumentAsync("key", "add", "team", "--new-passphrase-setting", "NEXT");
        await scene.DocumentAsync("key", "add", "paper", "--new-passphrase-file", scene.At("secret.txt"));

        foreach (var passphrase in new[] { "another", "a third", BackupScene.Passphrase })
        {
            scene.Variables["DR_REPOSITORY_PASSPHRASE"] = passphrase;
            Assert.Equal(0, (await scene.DrAsync("list")).Code);
        }

        Assert.Equal(["paper", "passphrase", "recovery", "team"], await SlotsAsync());
    }

    [Fact]
    public async Task Add_ARecoveryKeyIntoAFile_IsTheOwnersOnlyAndOpensTheRepository()
    {
        await scene.DocumentAsync("init");
        var file = scene.At("key.txt");

        var added = await scene.DrAsync("key", "add", "safe", "--new-recovery-key-file", file);
        var again = await scene.DrAsync("key", "add", "other", "--new-recovery-key-file", file);

        Assert.Equal((0, 1), (added.Code, again.Code));
        Assert.DoesNotContain((await File.ReadAllTextAsync(file)).Trim(), added.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(["passphrase", "recovery", "safe"], await SlotsAsync());
        scene.Variables.Clear();
        Assert.Equal(0, (await scene.DrAsync("list", "--recovery-key-file", file)).Code);
    }

    [Fact]
    public async Task Add_TheNameIsTaken_LeavesNoFile()
    {
        await scene.DocumentAsync("init");

        var outcome = await scene.DrAsync("key", "add", "recovery", "--new-recovery-key-file", scene.At("key.txt"));

        Assert.Equal(1, outcome.Code);
        Assert.Contains("There is a key slot 'recovery'", BackupScene.Unwrapped(outcome.Error), StringComparison.Ordinal);
        Assert.False(File.Exists(scene.At("key.txt")));
    }

    [Fact]
    public async Task Remove_TwoAlwaysStay()
    {
        await scene.DocumentAsync("init");
        var refused = await scene.DrAsync("key", "remove", "passphrase");
        scene.Variables["NEXT"] = "another";
        await scene.DocumentAsync("key", "add", "team", "--new-passphrase-setting", "NEXT");

        await scene.DocumentAsync("key", "remove", "passphrase");

        Assert.Equal(1, refused.Code);
        Assert.Contains("would have fewer than 2", BackupScene.Unwrapped(refused.Error), StringComparison.Ordinal);
        Assert.Equal(["recovery", "team"], await SlotsAsync());
        Assert.Equal(5, (await scene.DrAsync("list")).Code);
    }

    [Fact]
    public async Task Rotate_TheOldPassphraseOpensNothingAndTheDataStays()
    {
        await scene.DocumentAsync("init");
        scene.Write("a.txt", "one");
        await scene.DocumentAsync("run", scene.Source);
        scene.Variables["NEXT"] = "another";

        var rotated = await scene.DocumentAsync("key", "rotate", "passphrase", "--new-passphrase-setting", "NEXT");

        Assert.Equal(("passphrase-2", "passphrase"), ((string?)rotated["slot"], (string?)rotated["kind"]));
        Assert.Equal(5, (await scene.DrAsync("list")).Code);
        scene.Variables["DR_REPOSITORY_PASSPHRASE"] = "another";
        await scene.DocumentAsync("restore", "--to", scene.At("target"));
        Assert.Equal(["a.txt: one"], BackupScene.Files(scene.At("target")));
    }

    [Fact]
    public async Task Rotate_TheRecoveryKey_IsShownOnceAndTheOldOneOpensNothing()
    {
        var old = (string?)(await scene.DocumentAsync("init"))["recoveryKey"];

        var now = (string?)(await scene.DocumentAsync("key", "rotate", "recovery", "--new-recovery-key"))["recoveryKey"];

        scene.Variables.Clear();
        await File.WriteAllTextAsync(scene.At("old.txt"), old);
        await File.WriteAllTextAsync(scene.At("new.txt"), now);
        Assert.Equal((5, 0), ((await scene.DrAsync("list", "--recovery-key-file", scene.At("old.txt"))).Code, (await scene.DrAsync("list", "--recovery-key-file", scene.At("new.txt"))).Code));
    }

    [Theory]
    [InlineData("add team", 2, "None of --new-passphrase-setting, --new-passphrase-file, --new-recovery-key, --new-recovery-key-file and --new-vault-key is given; expected one.")]
    [InlineData("add team --new-recovery-key --new-passphrase-setting NEXT", 2, "2 of --new-passphrase-setting,")]
    [InlineData("add team --new-passphrase-setting NONE", 3, "The variable NONE is not set; expected a new passphrase.")]
    [InlineData("add team --new-passphrase-file nowhere", 2, "--new-passphrase-file: there is no file nowhere.")]
    [InlineData("add team-2 --new-recovery-key", 2, "SLOT is 'team-2'; expected a name without a number at its end")]
    [InlineData("add Team --new-recovery-key", 1, "'Team' is no name of a key slot")]
    [InlineData("add team --new-vault-key http://shop.vault.azure.net/keys/one", 2, "--new-vault-key: The URL of the key is not one: expected https://VAULT.vault.azure.net/keys/NAME")]
    [InlineData("remove other", 1, "There is no key slot 'other'")]
    [InlineData("rotate other --new-recovery-key", 1, "There is no key slot 'other'")]
    public async Task AnyVerb_BadInput_NamesItAndChangesNothing(string line, int code, string message)
    {
        await scene.DocumentAsync("init");

        var outcome = await scene.DrAsync(["key", .. line.Split(' ')]);

        Assert.Equal(code, outcome.Code);
        Assert.Contains(message, BackupScene.Unwrapped(outcome.Error), StringComparison.Ordinal);
        Assert.Equal(["passphrase", "recovery"], await SlotsAsync());
    }

    /// <summary>The storage may have made the repository and lost the answer: the only copy of its recovery key stays.</summary>
    [Fact]
    public async Task Init_TheStorageDoesNotAnswer_KeepsTheKeysFileAndSaysSo()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        scene.Variables["BACKUPS"] = $"DefaultEndpointsProtocol=http;AccountName=shop;AccountKey=c2hvcA==;BlobEndpoint=http://127.0.0.1:{port}/shop";
        var file = scene.At("key.txt");

        var outcome = await scene.RunAsync("backup", "init", "--repository", "BACKUPS:backups", "--recovery-key-file", file, "--json");

        var error = JsonNode.Parse(outcome.Output)!["error"]!; // It is a document.
        Assert.Equal((4, "StorageUnavailable"), (outcome.Code, (string?)error["code"]));
        Assert.Contains($"keep {file} until dr backup list says that it is not", (string?)error["hint"], StringComparison.Ordinal);
        Assert.Matches("^([0-9A-Z]{7}-){7}[0-9A-Z]{7}$", (await File.ReadAllTextAsync(file)).Trim());
    }

    private async Task<List<string?>> SlotsAsync() =>
        [.. (await scene.DocumentAsync("key", "list"))["slots"]!.AsArray().Select(slot => (string?)slot!["name"]).Order(StringComparer.Ordinal)]; // It is there, and they are objects.
}
