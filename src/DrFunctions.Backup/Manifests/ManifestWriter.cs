using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Manifests;

/// <summary>
/// Writes the entries of a part of a manifest, in the order of their paths, cut as files are, only finer: stretches that are as they were are the chunks that they were.
/// Never in memory as a whole; not thread-safe.
/// </summary>
internal sealed class ManifestWriter : IDisposable
{
    /// <summary>Bytes of a piece in a list: its name, and its length.</summary>
    public const int ReferenceLength = ChunkId.Length + 4;

    private const int PiecesAtOnce = 8;

    private readonly ChunkWriter chunks;
    private readonly ContentChunker chunker;
    private readonly Utf8JsonWriter json = new(Stream.Null, ManifestLine.Canonical);
    private readonly ArrayBufferWriter<byte> lines = new();
    private readonly ArrayBufferWriter<byte> references = new();
    private long entries;

    /// <summary>A writer.</summary>
    /// <param name="repository">Whose manifest it is.</param>
    /// <param name="chunks">Takes the pieces.</param>
    public ManifestWriter(OpenedRepository repository, ChunkWriter chunks)
    {
        this.chunks = chunks;
        chunker = new ContentChunker(repository.Config.ManifestChunking, repository.Keys.Cuts);
    }

    /// <summary>Adds an entry.</summary>
    public async ValueTask AppendAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        json.Reset(lines);
        ManifestLine.Write(json, entry);
        json.Flush();
        lines.Write("\n"u8);
        entries++;
        if (lines.WrittenCount >= PiecesAtOnce * chunker.Parameters.Maximum)
        {
            await CutAsync(last: false, cancellationToken);
        }
    }

    /// <summary>Ends the part. It is durable when the chunks are.</summary>
    public async Task<ManifestPart> CompleteAsync(CancellationToken cancellationToken)
    {
        await CutAsync(last: true, cancellationToken);
        var lists = new List<ManifestChunk>();
        for (var rest = references.WrittenMemory; !rest.IsEmpty; rest = rest[lists[^1].Length..])
        {
            var list = rest[..chunker.Cut(rest.Span)];
            lists.Add(new ManifestChunk(await chunks.AddAsync(ChunkKind.Manifest, list, cancellationToken), list.Length));
        }

        return new ManifestPart(entries, lists);
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    // A piece ends with a line, where that does not make it too long: who reads a changed piece needs none of its neighbours.
    private int LineEnd(ReadOnlySpan<byte> content, int cut) =>
        cut + Math.Max(0, content[(cut - 1)..Math.Min(content.Length, chunker.Parameters.Maximum)].IndexOf((byte)'\n'));

    private async Task CutAsync(bool last, CancellationToken cancellationToken)
    {
        var rest = lines.WrittenMemory;
        var pieces = new List<ReadOnlyMemory<byte>>();
        while (rest.Length >= chunker.Parameters.Maximum || (last && rest.Length > 0))
        {
            var length = LineEnd(rest.Span, chunker.Cut(rest.Span));
            pieces.Add(rest[..length]);
            rest = rest[length..];
        }

        var ids = await Task.WhenAll(pieces.Select(piece => Task.Run(async () => await chunks.AddAsync(ChunkKind.Manifest, piece, cancellationToken), cancellationToken)));
        for (var index = 0; index < ids.Length; index++)
        {
            var place = references.GetSpan(ReferenceLength);
            ids[index].Write(place);
            BinaryPrimitives.WriteInt32BigEndian(place[ChunkId.Length..], pieces[index].Length);
            references.Advance(ReferenceLength);
        }

        var left = rest.ToArray();
        lines.ResetWrittenCount();
        lines.Write(left);
    }
}
