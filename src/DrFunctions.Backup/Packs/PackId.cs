using DrFunctions.Backup.Chunks;

namespace DrFunctions.Backup.Packs;

/// <summary>The name of a pack: the SHA-256 of its bytes, so that a copy can be verified by whoever has no key.</summary>
internal readonly record struct PackId(Sha256Digest Digest)
{
    /// <summary>What the keys of packs begin with.</summary>
    public const string Prefix = "packs/";

    /// <summary>The id of a pack with these bytes.</summary>
    public static PackId Of(ReadOnlySpan<byte> content) => new(Sha256Digest.Of(content));

    /// <summary>Its key in a repository, <c>packs/{first two digits}/{id}</c>.</summary>
    public string Key
    {
        get
        {
            var text = ToString();
            return $"{Prefix}{text[..2]}/{text}";
        }
    }

    /// <summary>The pack whose key this is; null when it is none's.</summary>
    public static PackId? OfKey(string key) =>
        Sha256Digest.TryParse(key[(key.LastIndexOf('/') + 1)..], out var digest) && new PackId(digest) is var id && id.Key == key ? id : null;

    /// <inheritdoc/>
    public override string ToString() => Digest.ToString();
}
