using System.Globalization;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.App.Deployments;

/// <summary>Three accounts of the emulator that all tests of this process share, for one deployment alone.</summary>
internal sealed record StorageSlot(Azurite Server, int Number)
{
    private const int Slots = 200;
    private static readonly Lazy<Task<Azurite>> Shared = new(() => Azurite.StartAsync(new AzuriteOptions
    {
        Accounts = [.. Enumerable.Range(0, Slots).SelectMany(number => new[] { Name("control", number), Name("west", number), Name("north", number) })],
        InMemory = true,
    }));

    private static int taken = -1;

    public string Control => Name("control", Number);

    public string West => Name("west", Number);

    public string North => Name("north", Number);

    /// <summary>Loopback addresses that no other deployment of this process listens on.</summary>
    public (string West, string North) Addresses => (
        string.Create(CultureInfo.InvariantCulture, $"127.{Number / 100}.{100 + (Number % 100)}.11"),
        string.Create(CultureInfo.InvariantCulture, $"127.{Number / 100}.{100 + (Number % 100)}.12"));

    public static async Task<StorageSlot> TakeAsync()
    {
        var number = Interlocked.Increment(ref taken);
        return number < Slots ? new StorageSlot(await Shared.Value, number) : throw new InvalidOperationException($"All {Slots} slots are taken: raise their number.");
    }

    private static string Name(string region, int number) => string.Create(CultureInfo.InvariantCulture, $"{region}{number:D3}");
}
