using System.Text;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Tests.Transfers;

namespace DrFunctions.Backup.Tests.Repositories;

public sealed class OpenedRepositoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly byte[] Printed = new byte[RecoveryKey.Length];

    private readonly MemoryRepository objects = new();

    /// <summary>The storage repeats a write whose answer was lost, and then says that the object is there: it is this very one.</summary>
    [Fact]
    public async Task CreateAsync_TheAnswerToTheConfigWasLost_IsTheRepositoryThatIsThere()
    {
        var objects = new MemoryRepository();

        using var made = await Opened.CreateAsync(new RepeatingRepository(objects));

        using var opened = await Opened.OpenAsync(objects);
        Assert.Equal(made.Id, opened.Id);
    }

    [Fact]
    public async Task OpenAsync_WithAnySlot_HasTheSameKeys()
    {
        using var created = await CreateAsync(objects);

        using var byPassphrase = await OpenedRepository.OpenAsync(objects, Passphrase("open"), CancellationToken.None);
        using var byRecoveryKey = await OpenedRepository.OpenAsync(objects, new RecoveryKeyWrapper(Printed), CancellationToken.None);

        Assert.Equal(created.Config, byPassphrase.Config);
        Assert.Equal(created.Keys.Cuts.ToArray(), byPassphrase.Keys.Cuts.ToArray());
        Assert.Equal(created.Keys.Cuts.ToArray(), byRecoveryKey.Keys.Cuts.ToArray());
    }

    [Fact]
    public async Task OpenAsync_WrongPassphrase_SaysSoAndNotWhich()
    {
        using var created = await CreateAsync(objects);

        var error = await FailAsync(Passphrase("shut"));

        Assert.Equal(BackupErrors.WrongSecret, error.Code);
        Assert.Equal("Nothing that was given opens the repository in memory: the passphrase: none of the 1 key slots of the kind 'passphrase' opens with it.", error.Message);
    }

    [Fact]
    public async Task OpenAsync_NothingThere_SaysThatThereIsNoRepository() =>
        Assert.Equal(BackupErrors.NoRepository, (await FailAsync(Passphrase("open"))).Code);

    [Fact]
    public async Task OpenAsync_SlotsOfAnotherRepository_OpenNothing()
    {
        using var created = await CreateAsync(objects);
        var others = new MemoryRepository();
        using var other = await CreateAsync(others);
        await objects.ReplaceAsync("config", await ReadAsync(others, "config"), CancellationToken.None);

        Assert.Equal(BackupErrors.WrongSecret, (await FailAsync(Passphrase("open"))).Code);
    }

    [Fact]
    public async Task CreateAsync_OneIsThere_IsRefusedAndItStillOpens()
    {
        using var created = await CreateAsync(objects);

        var error = await Assert.ThrowsAsync<BackupException>(() => CreateAsync(objects));

        Assert.Equal((BackupErrors.RepositoryExists, "memory holds a repository already; nothing in it was changed."), (error.Code, error.Message));
        using var opened = await OpenedRepository.OpenAsync(objects, Passphrase("open"), CancellationToken.None);
    }

    /// <summary>Killed before or after each write, and begun anew: one repository that opens.</summary>
    [Fact]
    public async Task CreateAsync_KilledAtAnyWrite_IsMadeByTheNextAttempt()
    {
        for (var write = 1; write <= 3; write++)
        {
            foreach (var death in Enum.GetValues<Death>())
            {
                var place = new MemoryRepository();
                await Assert.ThrowsAsync<BackupException>(() => CreateAsync(new FaultyRepository(place, write, death)));
                if (await place.OpenReadAsync("config", CancellationToken.None) is null)
                {
                    using var created = await CreateAsync(place);
                }

                using var opened = await OpenedRepository.OpenAsync(place, Passphrase("open"), CancellationToken.None);
                using var again = await OpenedRepository.OpenAsync(place, new RecoveryKeyWrapper(Printed), CancellationToken.None);
                Assert.Equal(opened.Keys.Cuts.ToArray(), again.Keys.Cuts.ToArray());
            }
        }
    }

    [Fact]
    public async Task CreateAsync_TenAtOnce_OneIsMadeAndOpens()
    {
        var attempts = Enumerable.Range(0, 10).Select(_ => Task.Run(() => CreateAsync(objects))).ToList();
        await Task.WhenAll(attempts).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        var made = Assert.Single(attempts, attempt => attempt.IsCompletedSuccessfully);
        Assert.All(
            attempts.Where(attempt => attempt.IsFaulted),
            attempt => Assert.Equal(BackupErrors.RepositoryExists, Assert.IsType<BackupException>(attempt.Exception?.InnerException).Code));
        using var opened = await OpenedRepository.OpenAsync(objects, Passphrase("open"), CancellationToken.None);
        Assert.Equal((await made).Keys.Cuts.ToArray(), opened.Keys.Cuts.ToArray());
    }

    [Fact]
    public async Task OpenAsync_AnyBitOfTheConfigFlipped_IsNoticed()
    {
        using var created = await CreateAsync(objects);
        var config = await ReadAsync(objects, "config");
        for (var bit = 0; bit < config.Length * 8; bit++)
        {
            config[bit / 8] ^= (byte)(1 << (bit % 8));
            await objects.ReplaceAsync("config", config, CancellationToken.None);
            var code = (await FailAsync(new RecoveryKeyWrapper(Printed))).Code;
            Assert.Contains(code, new[] { BackupErrors.DataDamaged, BackupErrors.FormatTooNew, BackupErrors.WrongSecret });
            config[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("\"version\":2", "\"version\":3", BackupErrors.FormatTooNew, "The repository in memory has format version 3; this program reads up to 2.")]
    [InlineData("drfunctions-repository", "other", BackupErrors.DataDamaged, "The config of the repository in memory is damaged: its format is 'other', not 'drfunctions-repository'.")]
    [InlineData("fastcdc-keyed", "rabin", BackupErrors.DataDamaged, "The config of the repository in memory is damaged: it cuts by 'rabin', not 'fastcdc-keyed'.")]
    [InlineData("\"packLength\":65536", "\"packLength\":1", BackupErrors.DataDamaged, "The config of the repository in memory is damaged: packLength is 1; expected 2048 to 67108864.")]
    public async Task OpenAsync_ConfigThatIsNotOurs_SaysWhat(string right, string wrong, string code, string message)
    {
        using var created = await CreateAsync(objects);
        var config = Encoding.UTF8.GetString(await ReadAsync(objects, "config"));
        Assert.Contains(right, config, StringComparison.Ordinal);
        await objects.ReplaceAsync("config", Encoding.UTF8.GetBytes(config.Replace(right, wrong, StringComparison.Ordinal)), CancellationToken.None);

        var error = await FailAsync(Passphrase("open"));

        Assert.Equal((code, message), (error.Code, error.Message));
    }

    /// <summary>Slots that ask for an hour of work, for no salt, or that are no slots, are passed over.</summary>
    [Fact]
    public async Task OpenAsync_HostileSlots_ArePassedOver()
    {
        using var created = await CreateAsync(objects);
        var prefix = $"keys/{created.Config.Id}/";
        var slot = Encoding.UTF8.GetString(await ReadAsync(objects, prefix + "ann"));
        await objects.ReplaceAsync(prefix + "slow", Encoding.UTF8.GetBytes(slot.Replace("\"iterations\":\"10\"", "\"iterations\":\"2147483647\"", StringComparison.Ordinal)), CancellationToken.None);
        await objects.ReplaceAsync(prefix + "zero", Encoding.UTF8.GetBytes(slot.Replace("\"iterations\":\"10\"", "\"iterations\":\"0\"", StringComparison.Ordinal)), CancellationToken.None);
        await objects.ReplaceAsync(prefix + "text", "hello"u8.ToArray(), CancellationToken.None);
        await objects.ReplaceAsync(prefix + "long", new byte[1_000_000], CancellationToken.None);

        using var opened = await OpenedRepository.OpenAsync(objects, Passphrase("open"), CancellationToken.None);

        Assert.Equal(created.Config, opened.Config);
    }

    [Fact]
    public async Task CreateAsync_OneSlot_IsRefused() => Assert.StartsWith(
        "1 key slots; expected 2 to 64",
        (await Assert.ThrowsAsync<ArgumentException>(() => OpenedRepository.CreateAsync(
            objects, new Dictionary<string, IKeyWrapper> { ["ann"] = Passphrase("open") }, Small, 65536, Now, CancellationToken.None))).Message,
        StringComparison.Ordinal);

    private static ChunkingParameters Small { get; } = new(64, 256, 1024);

    private static PassphraseWrapper Passphrase(string text) => new(text, iterations: 10);

    private static Task<OpenedRepository> CreateAsync(IRepository place) => OpenedRepository.CreateAsync(
        place,
        new Dictionary<string, IKeyWrapper> { ["ann"] = Passphrase("open"), ["paper"] = new RecoveryKeyWrapper(Printed) },
        Small,
        65536,
        Now,
        CancellationToken.None);

    private static async Task<byte[]> ReadAsync(MemoryRepository place, string key)
    {
        await using var stream = await place.OpenReadAsync(key, CancellationToken.None);
        using var content = new MemoryStream();
        await Assert.IsType<Stream>(stream, exactMatch: false).CopyToAsync(content);
        return content.ToArray();
    }

    private Task<BackupException> FailAsync(IKeyWrapper wrapper) =>
        Assert.ThrowsAsync<BackupException>(() => OpenedRepository.OpenAsync(objects, wrapper, CancellationToken.None));

    /// <summary>Writes everything twice, and tells what came of the second time.</summary>
    private sealed class RepeatingRepository(IRepository inner) : IRepository
    {
        public string Description => inner.Description;

        public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            await inner.TryCreateAsync(key, content, cancellationToken);
            return await inner.TryCreateAsync(key, content, cancellationToken);
        }

        public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.ReplaceAsync(key, content, cancellationToken);

        public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => inner.OpenReadAsync(key, cancellationToken);

        public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) => inner.ReadAsync(key, offset, target, cancellationToken);

        public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

        public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => inner.DeleteAsync(key, version, cancellationToken);
    }
}
