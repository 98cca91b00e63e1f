using System.Security.Cryptography;
using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Keys;

/// <summary>What is derived from the master key, each for one purpose. Thread-safe.</summary>
internal sealed class RepositoryKeys : IDisposable
{
    private readonly byte[] chunkIds;
    private readonly byte[] cuts;
    private readonly byte[] objects;
    private readonly byte[] config;

    /// <summary>The keys of a repository.</summary>
    public RepositoryKeys(MasterKey master, RepositoryId repository)
    {
        Repository = repository;
        chunkIds = master.Derive(repository, "drfunctions chunk ids"u8);
        cuts = master.Derive(repository, "drfunctions cuts"u8);
        objects = master.Derive(repository, "drfunctions objects"u8);
        config = master.Derive(repository, "drfunctions config"u8);
    }

    /// <summary>Whose they are.</summary>
    public RepositoryId Repository { get; }

    /// <summary>Of the gear table that cuts files.</summary>
    public ReadOnlySpan<byte> Cuts => cuts;

    /// <summary>The HMAC-SHA-256 that names a chunk: without the key nobody can tell whether known content is stored.</summary>
    public void NameChunk(ReadOnlySpan<byte> content, Span<byte> id) => HMACSHA256.HashData(chunkIds, content, id);

    /// <summary>The name of a chunk with this content.</summary>
    public ChunkId NameOf(ReadOnlySpan<byte> content)
    {
        Span<byte> id = stackalloc byte[ChunkId.Length];
        NameChunk(content, id);
        return ChunkId.From(id);
    }

    /// <summary>The HMAC-SHA-256 of the config, 32 bytes.</summary>
    public byte[] SealConfig(ReadOnlySpan<byte> content) => HMACSHA256.HashData(config, content);

    /// <summary>The key of one object, from its kind and its random salt.</summary>
    public void DeriveObjectKey(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> kind, Span<byte> key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, objects, key, salt, kind);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in new[] { chunkIds, cuts, objects, config })
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
