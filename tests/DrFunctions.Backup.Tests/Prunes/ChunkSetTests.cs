using System.Buffers.Binary;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;

namespace DrFunctions.Backup.Tests.Prunes;

public sealed class ChunkSetTests
{
    private const int Count = 100_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Count)]
    [InlineData(long.MaxValue)]
    public void Says_of_each_chunk_what_a_dictionary_says(long expected)
    {
        var random = new Random(1);
        var set = new ChunkSet(expected);
        var plain = new Dictionary<ChunkId, Known>();
        var ids = Enumerable.Range(0, Count).Select(_ => IdOf(random)).ToList();
        foreach (var id in ids.Concat(ids.Where((_, index) => index % 5 == 0)))
        {
            var kind = random.Next(3) == 0 ? ChunkKind.Manifest : ChunkKind.Data;
            set.Add(id, kind);
            plain[id] = new Known { Kind = kind == ChunkKind.Manifest || plain.GetValueOrDefault(id)?.Kind == ChunkKind.Manifest ? ChunkKind.Manifest : ChunkKind.Data };
        }

        for (var turn = 0; turn < 2 * Count; turn++)
        {
            var id = ids[random.Next(Count)];
            if (random.Next(2) == 0)
            {
                Assert.True(set.Find(id));
                plain[id].IsFound = true;
            }
            else
            {
                Assert.Equal(plain[id].Packs == 0, set.Take(id));
                plain[id].Packs++;
            }
        }

        Assert.Equal(plain.Count, set.Count);
        Assert.Equal(plain.Values.Count(known => known.IsFound), set.Found);
        foreach (var (id, known) in plain)
        {
            Assert.Equal((known.Kind, known.Packs > 0, known.Packs > 1), (set.KindOf(id), set.IsKept(id), set.IsKeptTwice(id)));
        }
    }

    [Fact]
    public void Keeps_what_is_said_of_a_chunk_while_it_grows()
    {
        var random = new Random(2);
        var set = new ChunkSet();
        var marked = Enumerable.Range(0, 5000).Select(_ => IdOf(random)).ToList();
        foreach (var id in marked)
        {
            set.Add(id, ChunkKind.Manifest);
            set.Find(id);
            set.Take(id);
            set.Take(id);
        }

        for (var added = 0; added < Count; added++)
        {
            set.Add(IdOf(random), ChunkKind.Data);
        }

        Assert.Equal((5000 + Count, 5000), (set.Count, set.Found));
        Assert.All(marked, id => Assert.Equal((ChunkKind.Manifest, true, true), (set.KindOf(id), set.IsKept(id), set.IsKeptTwice(id))));
    }

    [Fact]
    public void Does_not_have_what_was_not_added()
    {
        var random = new Random(3);
        var set = new ChunkSet();
        for (var added = 0; added < Count; added++)
        {
            set.Add(IdOf(random), ChunkKind.Data);
        }

        for (var other = 0; other < Count; other++)
        {
            var id = IdOf(random);
            Assert.Null(set.KindOf(id));
            Assert.False(set.Find(id) || set.IsKept(id) || set.IsKeptTwice(id));
        }

        Assert.Equal((Count, 0), (set.Count, set.Found));
        Assert.Throws<InvalidOperationException>(() => set.Take(IdOf(random)));
    }

    // Names that begin alike, that are all zeros or all ones: they share a table, and follow each other to its end and from its beginning.
    [Fact]
    public void Tells_names_apart_that_begin_alike()
    {
        var names = Enumerable.Range(0, 2000).SelectMany(number => new[] { (ulong)number << 6, ulong.MaxValue - ((ulong)number << 6) }).ToList();
        var set = new ChunkSet();
        names.Where((_, index) => index % 4 < 2).ToList().ForEach(name => set.Add(IdOf(name), ChunkKind.Data));

        Assert.Equal(2000, set.Count);
        Assert.All(names.Index(), item => Assert.Equal(item.Index % 4 < 2, set.KindOf(IdOf(item.Item)) is not null));
    }

    private static ChunkId IdOf(Random random)
    {
        var bytes = new byte[ChunkId.Length];
        random.NextBytes(bytes);
        return ChunkId.From(bytes);
    }

    private static ChunkId IdOf(ulong name)
    {
        var bytes = new byte[ChunkId.Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, name);
        return ChunkId.From(bytes);
    }

    private sealed class Known
    {
        public ChunkKind Kind { get; init; }

        public bool IsFound { get; set; }

        public int Packs { get; set; }
    }
}
