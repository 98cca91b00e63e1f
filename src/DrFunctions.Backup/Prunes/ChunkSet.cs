using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Prunes;

/// <summary>
/// Chunks that snapshots need, by the first 70 bits of their names: 8 bytes for each of 1.25 to 1.9 times as many, or of 1.33 times as many as were expected. A chunk that is not in it is certainly not needed; one in 10¹⁴ that is not
/// needed seems to be, and is kept. Not thread-safe.
/// </summary>
internal sealed class ChunkSet
{
    private const ulong IsManifest = 1;
    private const ulong IsFound = 2;
    private const ulong IsTaken = 4;
    private const ulong IsShared = 8;
    private const ulong Flags = 15;
    private const int TableBits = 10;
    private const int Least = 16;
    private const int MostAtFirst = 64 * 1024;

    // Each grows alone, so that there are never two of all. Of a name, the first bits are its table's number, and the next 60 are in the table, with its flags.
    private readonly ulong[]?[] tables = new ulong[1 << TableBits][];
    private readonly int[] counts = new int[1 << TableBits];
    private readonly int atFirst;

    /// <summary>An empty set.</summary>
    /// <param name="expected">How many there will be, about: so many do not make it grow, up to 50 million.</param>
    public ChunkSet(long expected = 0) => atFirst = (int)Math.Clamp((expected >> TableBits) / 3 * 4, Least, MostAtFirst);

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them <see cref="Find"/> was told.</summary>
    public int Found { get; private set; }

    /// <summary>Adds a chunk.</summary>
    public void Add(ChunkId id, ChunkKind kind)
    {
        var number = TableOf(id);
        var table = tables[number] ??= new ulong[atFirst];
        if ((counts[number] + 1) * 5L > table.Length * 4L)
        {
            table = tables[number] = Grown(table);
        }

        ref var slot = ref SlotOf(table, NameOf(id));
        if (slot == 0)
        {
            slot = NameOf(id);
            counts[number]++;
            Count++;
        }

        slot |= kind == ChunkKind.Manifest ? IsManifest : 0;
    }

    /// <summary>With which others a chunk is packed; null when it is not needed.</summary>
    public ChunkKind? KindOf(ChunkId id) => FlagsOf(id) is not { } flags ? null : (flags & IsManifest) != 0 ? ChunkKind.Manifest : ChunkKind.Data;

    /// <summary>Notes that a chunk that is needed is in a pack; false when it is not needed.</summary>
    public bool Find(ChunkId id)
    {
        if (FlagsOf(id) is not { } flags)
        {
            return false;
        }

        Found += (flags & IsFound) == 0 ? 1 : 0;
        Set(id, IsFound);
        return true;
    }

    /// <summary>True for the first pack that keeps a chunk that is needed, and false for each further one.</summary>
    /// <exception cref="InvalidOperationException">The chunk is not needed.</exception>
    public bool Take(ChunkId id)
    {
        var flags = FlagsOf(id) ?? throw new InvalidOperationException($"The chunk {id} is not needed, and so no pack keeps it.");
        var first = (flags & IsTaken) == 0;
        Set(id, first ? IsTaken : IsShared);
        return first;
    }

    /// <summary>Whether any pack seems to keep a chunk that is needed. Where not, certainly none does.</summary>
    public bool IsKept(ChunkId id) => (FlagsOf(id) & IsTaken) > 0;

    /// <summary>Whether more than one pack seems to keep a chunk that is needed. Where not, certainly at most one does.</summary>
    public bool IsKeptTwice(ChunkId id) => (FlagsOf(id) & IsShared) > 0;

    private static int TableOf(ChunkId id) => (int)(id.High >> (128 - TableBits));

    // 0 is an empty slot.
    private static ulong NameOf(ChunkId id) => Math.Max(Flags + 1, (ulong)(id.High >> (64 - TableBits)) & ~Flags);

    // The slot of a name, or the empty one that it would have. The names are keyed hashes: their own bits spread them.
    private static ref ulong SlotOf(ulong[] table, ulong name)
    {
        var slot = (int)(((name >> 32) * (ulong)table.Length) >> 32);
        while (table[slot] != 0 && (table[slot] & ~Flags) != name)
        {
            slot = slot + 1 == table.Length ? 0 : slot + 1;
        }

        return ref table[slot];
    }

    private static ulong[] Grown(ulong[] table)
    {
        var grown = new ulong[table.Length / 2 * 3];
        foreach (var kept in table)
        {
            if (kept != 0)
            {
                SlotOf(grown, kept & ~Flags) = kept;
            }
        }

        return grown;
    }

    // Null when it is not needed.
    private ulong? FlagsOf(ChunkId id) =>
        tables[TableOf(id)] is { } table && SlotOf(table, NameOf(id)) is var slot and not 0 ? slot & Flags : null;

    private void Set(ChunkId id, ulong flag)
    {
        if (tables[TableOf(id)] is { } table)
        {
            SlotOf(table, NameOf(id)) |= flag;
        }
    }
}
