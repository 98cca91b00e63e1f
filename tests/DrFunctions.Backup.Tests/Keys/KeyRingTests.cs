using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Transfers;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Backup.Tests.Keys;

public sealed class KeyRingTests : IAsyncLifetime
{
    private static readonly IKeyWrapper Old = new PassphraseWrapper("old", iterations: 1);
    private static readonly IKeyWrapper New = new PassphraseWrapper("new", iterations: 1);
    private static readonly IKeyWrapper Paper = new RecoveryKeyWrapper(new byte[RecoveryKey.Length]);

    private readonly FakeVaultKey vault = new("vault");
    private readonly MemoryRepository objects = new();

    public async Task InitializeAsync() => await CreateAsync(objects);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task AddAsync_ANewSecret_OpensTheSameRepository()
    {
        await Ring(objects).AddAsync("ann", New, default);

        Assert.Equal(["ann", "paper", "vault", "words"], await NamesAsync(objects));
        Assert.Equal(await CutsAsync(objects, Old), await CutsAsync(objects, New));
    }

    [Theory]
    [InlineData("words", "There is a key slot 'words' in memory already, or its removal was not ended.")]
    [InlineData("", "'' is no name of a key slot: 1 to 63 of a-z, 0-9 and '-'.")]
    [InlineData("../x", "'../x' is no name of a key slot: 1 to 63 of a-z, 0-9 and '-'.")]
    [InlineData("A", "'A' is no name of a key slot: 1 to 63 of a-z, 0-9 and '-'.")]
    [InlineData("a-", "'a-' is no name of a key slot: 1 to 63 of a-z, 0-9 and '-'.")]
    public async Task AddAsync_NameThatIsTakenOrNone_ChangesNothing(string name, string expected)
    {
        var error = await Assert.ThrowsAsync<BackupException>(() => Ring(objects).AddAsync(name, New, default));

        Assert.Equal((BackupErrors.KeySlotRefused, expected), (error.Code, error.Message));
        Assert.Equal(["paper", "vault", "words"], await NamesAsync(objects));
    }

    [Fact]
    public async Task AnyChange_WrongSecret_ChangesNothing()
    {
        var ring = new KeyRing(objects, [New], TimeProvider.System);
        foreach (var change in new Func<Task>[] { () => ring.AddAsync("ann", New, default), () => ring.RemoveAsync("words", default), () => ring.RotateAsync("words", New, default) })
        {
            Assert.Equal(BackupErrors.WrongSecret, (await Assert.ThrowsAsync<BackupException>(change)).Code);
        }

        Assert.Equal(["paper", "vault", "words"], await NamesAsync(objects));
    }

    [Fact]
    public async Task RemoveAsync_DownToTwo_TheOthersOpenAndTheThirdIsRefused()
    {
        await Ring(objects).RemoveAsync("words", default);

        await AssertShutAsync(objects, Old);
        var error = await Assert.ThrowsAsync<BackupException>(() => new KeyRing(objects, [Paper], TimeProvider.System).RemoveAsync("vault", default));
        Assert.Equal(
            (BackupErrors.KeySlotRefused, "Without the key slot 'vault', memory would have fewer than 2: paper, vault are there, and vault to be removed."), (error.Code, error.Message));
        Assert.Equal(["paper", "vault"], await NamesAsync(objects));
        Assert.Empty(await Transfers.Backups.ObjectsAsync(objects, "removals/"));
    }

    [Fact]
    public async Task RemoveAsync_NoSuchSlot_IsNamed() => Assert.Equal(
        "There is no key slot 'other' in memory.", (await Assert.ThrowsAsync<BackupException>(() => Ring(objects).RemoveAsync("other", default))).Message);

    [Fact]
    public async Task RotateAsync_APassphrase_TheNewOneOpensAndTheOldOneDoesNot()
    {
        var cuts = await CutsAsync(objects, Old);

        Assert.Equal("words-2", await Ring(objects).RotateAsync("words", New, default));
        Assert.Equal("words-3", await new KeyRing(objects, [New], TimeProvider.System).RotateAsync("words-2", Old, default));

        await AssertShutAsync(objects, New);
        Assert.Equal(cuts, await CutsAsync(objects, Old));
        Assert.Equal(["paper", "vault", "words-3"], await NamesAsync(objects));
    }

    [Fact]
    public async Task RotateAsync_AVaultsKey_ItsSlotIsWrappedAnew()
    {
        var before = (await Ring(objects).ListAsync(default)).Single(slot => slot.Name == "vault").Parameters["number"];

        await Ring(objects).RotateAsync("vault", vault, default);

        var slot = Assert.Single(await Ring(objects).ListAsync(default), slot => slot.Kind == "fakeVault");
        Assert.Equal("vault-2", slot.Name);
        Assert.NotEqual(before, slot.Parameters["number"]);
        Assert.Equal(await CutsAsync(objects, Old), await CutsAsync(objects, vault));
    }

    [Fact]
    public async Task RotateAsync_TheNewSecretDoesNotOpenWhatItWrapped_KeepsTheOldSlot()
    {
        var error = await Assert.ThrowsAsync<BackupException>(() => Ring(objects).RotateAsync("words", new ForgetfulKey(), default));

        Assert.Equal("The new key slot 'words-2' in memory does not open with a forgetful key; no other slot was changed.", error.Message);
        await CutsAsync(objects, Old);
    }

    [Fact]
    public async Task RotateAsync_TheVaultIsAway_ChangesNothing()
    {
        vault.Refuses = new BackupException(BackupErrors.KeyUnavailable, "away", isTransient: true, "");

        Assert.Equal("away", (await Assert.ThrowsAsync<BackupException>(() => Ring(objects).RotateAsync("vault", vault, default))).Message);

        Assert.Equal(["paper", "vault", "words"], await NamesAsync(objects));
    }

    /// <summary>Killed before and after every write of every change: the repository opens with the old or the new secret at each point, and the repeated change ends.</summary>
    [Theory]
    [InlineData("add", 1)]
    [InlineData("remove", 3)]
    [InlineData("rotate", 4)]
    public async Task AnyChange_KilledAtEveryWrite_OpensWithTheOldOrTheNewAndIsEndedByTheNext(string change, int expected)
    {
        foreach (var death in Enum.GetValues<Death>())
        {
            var writes = 0;
            while (true)
            {
                var place = await Opened.CloneAsync(objects);
                var cuts = await CutsAsync(place, Paper);
                if (await Record.ExceptionAsync(() => ChangeAsync(new FaultyRepository(place, writes + 1, death), change)) is not { } died)
                {
                    break; // It has no more writes than were tried.
                }

                Assert.Equal("died", died.Message);
                writes++;
                Assert.InRange((await NamesAsync(place)).Length, 2, 4);
                var opens = change == "remove" ? [Paper] : new[] { Old, New };
                Assert.Equal(cuts, (await OpenAnyAsync(place, opens)).Keys.Cuts.ToArray());

                await Record.ExceptionAsync(() => ChangeAsync(place, change)); // What was done already is refused as done.
                var after = await NamesAsync(place);
                Assert.Equal(change == "add" ? 4 : change == "remove" ? 2 : 3, after.Length);
                if (change != "remove")
                {
                    Assert.Equal(cuts, await CutsAsync(place, New));
                }

                if (change != "add")
                {
                    await AssertShutAsync(place, Old);
                }
            }

            Assert.Equal(expected, writes);
        }
    }

    [Fact]
    public async Task RotateAsync_TwoAtOnce_BothNewSecretsOpenOrTheLaterOne()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var place = await Opened.CloneAsync(objects);
            var turns = new Interleaving(new Random(seed));
            var paused = new PausingRepository(place, turns);
            var other = new PassphraseWrapper("other", iterations: 1);
            var ring = new KeyRing(paused, [Paper], TimeProvider.System);
            var failures = 0;

            await turns.RunAsync(() => TryAsync(() => ring.RotateAsync("words", New, default)), () => TryAsync(() => ring.RotateAsync("words", other, default)));

            using var opened = await OpenAnyAsync(place, New, other);
            await AssertShutAsync(place, Old);
            Assert.InRange((await NamesAsync(place)).Length, 3, 4);
            Assert.Equal(0, failures);

            async Task TryAsync(Func<Task> rotate) => failures += await Record.ExceptionAsync(rotate) is null ? 0 : 1;
        }
    }

    /// <summary>Three slots, and as many who each remove another one at once: two slots are left at every moment.</summary>
    [Fact]
    public async Task RemoveAsync_EachRemovesAnotherSlotAtOnce_NeverFewerThanTwoAreLeft()
    {
        var removed = 0;
        for (var seed = 0; seed < 500; seed++)
        {
            var place = await Opened.CloneAsync(objects);
            var turns = new Interleaving(new Random(seed));
            var paused = new PausingRepository(place, turns);
            var ring = new KeyRing(paused, [Paper], TimeProvider.System);

            await turns.RunAsync([.. new[] { "words", "vault", "paper", "words" }.Select(name => (Func<Task>)(() => Record.ExceptionAsync(() => ring.RemoveAsync(name, default))))]);

            Assert.True(paused.FewestSlots >= 2, $"seed {seed}");
            removed += 3 - (await NamesAsync(place)).Length;
            Assert.Empty(await Transfers.Backups.ObjectsAsync(place, "removals/"));
        }

        Assert.True(removed > 50, $"only {removed} were removed at all");
    }

    private static async Task ChangeAsync(IRepository place, string change)
    {
        var ring = new KeyRing(place, [Paper], TimeProvider.System);
        await (change switch
        {
            "add" => ring.AddAsync("ann", New, default),
            "remove" => ring.RemoveAsync("words", default),
            _ => ring.RotateAsync("words", New, default),
        });
    }

    private KeyRing Ring(IRepository place) => new(place, [vault, Paper], TimeProvider.System);

    private async Task CreateAsync(IRepository place) => (await OpenedRepository.CreateAsync(
        place,
        new Dictionary<string, IKeyWrapper> { ["words"] = Old, ["vault"] = vault, ["paper"] = Paper },
        Opened.Chunking,
        Opened.PackLength,
        DateTimeOffset.UnixEpoch,
        default)).Dispose();

    private static Task<OpenedRepository> OpenAnyAsync(IRepository place, params IKeyWrapper[] secrets) => OpenedRepository.OpenAsync(place, secrets, default);

    private static async Task<byte[]> CutsAsync(IRepository place, IKeyWrapper secret)
    {
        using var opened = await OpenAnyAsync(place, secret);
        return opened.Keys.Cuts.ToArray();
    }

    private static async Task AssertShutAsync(IRepository place, IKeyWrapper secret) =>
        Assert.Equal(BackupErrors.WrongSecret, (await Assert.ThrowsAsync<BackupException>(() => OpenAnyAsync(place, secret))).Code);

    private static async Task<string[]> NamesAsync(IRepository place) =>
        [.. (await new KeyRing(place, [], TimeProvider.System).ListAsync(default)).Select(slot => slot.Name)];

    /// <summary>Wraps with one key and answers with another.</summary>
    private sealed class ForgetfulKey : IKeyWrapper
    {
        public string Kind => "forgetful";

        public string Description => "a forgetful key";

        public Task<SlotKey> CreateAsync(RepositoryId repository, CancellationToken cancellationToken) =>
            Task.FromResult(new SlotKey(new byte[32], new Dictionary<string, string>()));

        public Task<byte[]?> OpenAsync(RepositoryId repository, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken) =>
            Task.FromResult<byte[]?>([.. new byte[31], 1]);
    }
}
