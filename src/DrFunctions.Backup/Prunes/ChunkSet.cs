using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Prunes;

/// <summary>
/// Chunks that snapshots need, by the first 64 bits of their names: 9 bytes for each of 1.3 to 2.7 times as many, and half as much again while it grows. A chunk that is not in it is certainly not needed; one in 10¹² that is not
/// needed seems to be, and is kept. Not thread-safe.
/// </summary>
internal sealed class ChunkSet
{
    private const byte IsManifest = 1;
    private const byte IsFound = 2;
    private const byte IsTaken = 4;
    private const byte IsShared = 8;
    private const int Least = 1024;

    private ulong[] names = new ulong[Least];
    private byte[] flags = new byte[Least];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them <see cref="Find"/> was told.</summary>
    public int Found { get; private set; }

    /// <summary>Adds a chunk.</summary>
    public void Add(ChunkId id, ChunkKind kind)
    {
        if ((Count + 1) * 4L > names.Length * 3L)
        {
            Grow();
        }

        var slot = SlotOf(NameOf(id));
        if (names[slot] == 0)
        {
            names[slot] = NameOf(id);
            Count++;
        }

        flags[slot] |= kind == ChunkKind.Manifest ? IsManifest : (byte)0;
    }

    /// <summary>With which others a chunk is packed; null when it is not needed.</summary>
    public ChunkKind? KindOf(ChunkId id)
    {
        var slot = SlotOf(NameOf(id));
        return names[slot] == 0 ? null : (flags[slot] & IsManifest) != 0 ? ChunkKind.Manifest : ChunkKind.Data;
    }

    /// <summary>Notes that a chunk that is needed is in a pack; false when it is not needed.</summary>
    public bool Find(ChunkId id)
    {
        var slot = SlotOf(NameOf(id));
        if (names[slot] == 0)
        {
            return false;
        }

        Found += (flags[slot] & IsFound) == 0 ? 1 : 0;
        flags[slot] |= IsFound;
        return true;
    }

    /// <summary>True for the first pack that keeps a chunk that is needed, and false for each further one.</summary>
    public bool Take(ChunkId id)
    {
        var slot = SlotOf(NameOf(id));
        var first = (flags[slot] & IsTaken) == 0;
        flags[slot] |= first ? IsTaken : IsShared;
        return first;
    }

    /// <summary>Whether any pack seems to keep a chunk that is needed. Where not, certainly none does.</summary>
    public bool IsKept(ChunkId id) => (flags[SlotOf(NameOf(id))] & IsTaken) != 0;

    /// <summary>Whether more than one pack seems to keep a chunk that is needed. Where not, certainly at most one does.</summary>
    public bool IsKeptTwice(ChunkId id) => (flags[SlotOf(NameOf(id))] & IsShared) != 0;

    // 0 is an empty slot.
    private static ulong NameOf(ChunkId id) => Math.Max(1, (ulong)(id.High >> 64));

    private int SlotOf(ulong name)
    {
        // The names are keyed hashes: their own bits spread them.
        var slot = (int)(name & (ulong)(names.Length - 1));
        while (names[slot] != 0 && names[slot] != name)
        {
            slot = (slot + 1) & (names.Length - 1);
        }

        return slot;
    }

    private void Grow()
    {
        var (oldNames, oldFlags) = (names, flags);
        (names, flags) = (new ulong[oldNames.Length * 2], new byte[oldNames.Length * 2]);
        for (var index = 0; index < oldNames.Length; index++)
        {
            if (oldNames[index] != 0)
            {
                var slot = SlotOf(oldNames[index]);
                (names[slot], flags[slot]) = (oldNames[index], oldFlags[index]);
            }
        }
    }
}
