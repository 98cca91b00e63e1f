using DrFunctions.Backup.Chunks;

namespace DrFunctions.Backup.Packs;

/// <summary>The name of a pack: the SHA-256 of its bytes, so that a copy can be verified by whoever has no key.</summary>
internal readonly record struct PackId(Sha256Digest Digest)
{
    /// <summary>The id of a pack with these bytes.</summary>
    public static PackId Of(ReadOnlySpan<byte> content) => new(Sha256Digest.Of(content));

    /// <summary>Its key in a repository, <c>packs/{first two digits}/{id}</c>.</summary>
    public string Key
    {
        get
        {
            var text = ToString();
            return $"packs/{text[..2]}/{text}";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Digest.ToString();
}
