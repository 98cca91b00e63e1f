using DrFunctions.Backup.Keys;

namespace DrFunctions.Backup.Tests.Keys;

public sealed class KeptKeysTests
{
    private static readonly RepositoryId One = RepositoryId.Create();

    [Fact]
    public async Task OpenAsync_TheSameSlotAgain_IsDerivedOnceAndWhatWasWipedIsWhole()
    {
        var counted = new Counted();
        var kept = new KeptKeys(counted);
        var first = await kept.OpenAsync(One, Slot("a"), default);
        Array.Clear(first!); // Derived for every slot.

        Assert.Equal([1, 2, 3], await kept.OpenAsync(One, Slot("a"), default));
        Assert.Equal(1, counted.Times);
    }

    [Fact]
    public async Task OpenAsync_AnotherSlotOrRepository_IsDerivedForItself()
    {
        var counted = new Counted();
        var kept = new KeptKeys(counted);
        await kept.OpenAsync(One, Slot("a"), default);

        await kept.OpenAsync(One, Slot("b"), default);
        await kept.OpenAsync(RepositoryId.Create(), Slot("a"), default);

        Assert.Equal(3, counted.Times);
    }

    [Fact]
    public async Task OpenAsync_ManySlots_KeepsWhatIsKeptAndIsRightAllTheSame()
    {
        var counted = new Counted();
        var kept = new KeptKeys(counted);
        for (var slot = 0; slot < 1000; slot++)
        {
            Assert.Equal([1, 2, 3], await kept.OpenAsync(One, Slot($"{slot}"), default));
        }

        await kept.OpenAsync(One, Slot("0"), default);

        Assert.Equal(1000, counted.Times);
    }

    private static Dictionary<string, string> Slot(string salt) => new() { ["salt"] = salt };

    private sealed class Counted : IKeyWrapper
    {
        public int Times { get; private set; }

        public string Kind => "counted";

        public string Description => "a counted secret";

        public Task<SlotKey> CreateAsync(RepositoryId repository, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<byte[]?> OpenAsync(RepositoryId repository, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
        {
            Times++;
            return Task.FromResult<byte[]?>([1, 2, 3]);
        }
    }
}
