using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Tests.Repositories;

namespace DrFunctions.Backup.Tests.Keys;

public sealed class SeveralSecretsTests
{
    private static readonly BackupException Away = new(BackupErrors.KeyUnavailable, "nobody is there", isTransient: true, "");
    private static readonly BackupException Refused = new(BackupErrors.KeyRefused, "the key is disabled", isTransient: false, "");

    private readonly MemoryRepository objects = new();
    private readonly FakeVaultKey here = new("here");
    private readonly FakeVaultKey there = new("there");

    [Fact]
    public async Task OpenAsync_TheFirstOpens_NothingWasPassedOver()
    {
        (await CreateAsync()).Dispose();

        using var opened = await OpenAsync(here, there);

        Assert.Equal(("one", "fakeVault", "the key 'here'"), (opened.Opening.Slot, opened.Opening.Kind, opened.Opening.Secret));
        Assert.Empty(opened.Opening.PassedOver);
    }

    [Fact]
    public async Task OpenAsync_TheFirstIsAway_TheNextOpensAndTheFirstIsNamed()
    {
        (await CreateAsync()).Dispose();
        here.Refuses = Away;

        using var opened = await OpenAsync(here, there);

        Assert.Equal("two", opened.Opening.Slot);
        Assert.Equal([new PassedOverSecret("the key 'here'", "nobody is there", IsTransient: true)], opened.Opening.PassedOver);
    }

    /// <summary>It is not even told to stop by the answer: the limit alone passes it over.</summary>
    [Fact]
    public async Task OpenAsync_TheFirstNeverAnswers_IsPassedOverAfterTheLimit()
    {
        (await CreateAsync()).Dispose();
        here.IsDeaf = true;

        using var opened = await OpenedRepository.OpenAsync(objects, [here, Passphrase], CancellationToken.None, new FastTimers());

        Assert.Equal("words", opened.Opening.Slot);
        Assert.Equal([new PassedOverSecret("the key 'here'", "the key 'here' did not answer within 20 s", IsTransient: true)], opened.Opening.PassedOver);
    }

    [Fact]
    public async Task OpenAsync_CancelledWhileOneNeverAnswers_Stops()
    {
        (await CreateAsync()).Dispose();
        here.IsDeaf = true;
        using var stop = new CancellationTokenSource();
        var opening = OpenedRepository.OpenAsync(objects, [here, there], stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Fact]
    public async Task OpenAsync_NoneOpensAndOneMayLater_NamesEachAndIsTransient()
    {
        (await CreateAsync()).Dispose();
        (here.Refuses, there.Refuses) = (Away, Refused);

        var error = await Assert.ThrowsAsync<BackupException>(() => OpenAsync(here, there, KeyWrappers.OfPassphrase("shut"), new RecoveryKeyWrapper(new byte[32])));

        Assert.Equal((BackupErrors.KeyUnavailable, true), (error.Code, error.IsTransient));
        Assert.Equal(
            "Nothing that was given opens the repository in memory: the key 'here': nobody is there; the key 'there': the key is disabled; "
            + "the passphrase: none of the 1 key slots of the kind 'passphrase' opens with it; the recovery key: the repository has no key slot of the kind 'recoveryKey'.",
            error.Message);
    }

    [Fact]
    public async Task OpenAsync_NoneOpensForGood_IsAWrongSecret()
    {
        (await CreateAsync()).Dispose();
        here.Refuses = Refused;

        var error = await Assert.ThrowsAsync<BackupException>(() => OpenAsync(here));

        Assert.Equal((BackupErrors.WrongSecret, false), (error.Code, error.IsTransient));
    }

    /// <summary>Whoever knows a vault's public key can have a slot opened by it, but not to the key that sealed the config.</summary>
    [Fact]
    public async Task OpenAsync_AForgedSlotOpensToAnotherKey_TheRightOneIsFound()
    {
        using var created = await CreateAsync();
        var slots = new KeySlots(objects, created.Config.Id, TimeProvider.System);
        using var foreign = MasterKey.Create();
        var forged = await slots.WrapAsync(foreign, "a", here, default, CancellationToken.None);
        await objects.ReplaceAsync(slots.KeyOf("a"), forged.Write(), CancellationToken.None);

        using var opened = await OpenAsync(here);

        Assert.Equal("one", opened.Opening.Slot);
        Assert.Equal(created.Keys.Cuts.ToArray(), opened.Keys.Cuts.ToArray());
    }

    [Fact]
    public void OfRecoveryKey_Mistyped_SaysSoAndNotWhatWasTyped()
    {
        var printed = KeyWrappers.NewRecoveryKey();

        var error = Assert.Throws<BackupException>(() => KeyWrappers.OfRecoveryKey(printed[..^1]));

        Assert.Equal((BackupErrors.WrongSecret, "What was given is no recovery key: the recovery key has 55 letters; expected 56."), (error.Code, error.Message));
        Assert.Equal("recoveryKey", KeyWrappers.OfRecoveryKey(printed.ToLowerInvariant()).Kind);
    }

    private static IKeyWrapper Passphrase { get; } = new PassphraseWrapper("open", iterations: 10);

    private Task<OpenedRepository> CreateAsync() => OpenedRepository.CreateAsync(
        objects,
        new Dictionary<string, IKeyWrapper> { ["one"] = here, ["two"] = there, ["words"] = Passphrase },
        Opened.Chunking,
        Opened.PackLength,
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        CancellationToken.None);

    private Task<OpenedRepository> OpenAsync(params IKeyWrapper[] wrappers) => OpenedRepository.OpenAsync(objects, wrappers, CancellationToken.None);

    /// <summary>Every wait is over after a millisecond.</summary>
    private sealed class FastTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }
}
