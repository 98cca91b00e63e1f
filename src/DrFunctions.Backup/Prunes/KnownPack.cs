using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Prunes;

/// <summary>A pack that is there.</summary>
/// <param name="id">Its name.</param>
/// <param name="item">As it was listed.</param>
internal sealed class KnownPack(PackId id, RepositoryObject item)
{
    // Not the whole item: of many packs, the keys are most of it.
    public PackId Id { get; } = id;

    public long Length { get; } = item.Length;

    /// <summary>When it was written, by the storage's clock.</summary>
    public DateTimeOffset WrittenAt { get; } = item.WrittenAt;

    /// <summary>Which of those that were written under its name it is.</summary>
    public string Version { get; } = item.Version;

    /// <summary>Whether an index names it.</summary>
    public bool IsNamed { get; set; }

    /// <summary>Its directory, where no index names it; null where that cannot be read.</summary>
    public AdoptedPack? Unnamed { get; set; }

    public PackStage Stage { get; set; }

    public PackFate Fate { get; set; }

    /// <summary>Its chunks, as indexes have them.</summary>
    public int Chunks { get; set; }

    /// <summary>Those of them that are needed.</summary>
    public int Live { get; set; }

    /// <summary>Bytes of those of them that no pack keeps that was looked at before.</summary>
    public long Used { get; set; }

    /// <summary>Whether a chunk that is needed may be nowhere else in a pack that stays.</summary>
    public bool IsNeeded { get; set; }

    public bool IsReadable => IsNamed || Unnamed is not null;
}

/// <summary>How near a pack is to its end.</summary>
internal enum PackStage
{
    /// <summary>No prune wants to remove it.</summary>
    Free,

    /// <summary>No writer relies on it any more; that may be taken back.</summary>
    Condemned,

    /// <summary>It will be removed, for good.</summary>
    Doomed,
}

/// <summary>What a prune wants of a pack that is free.</summary>
internal enum PackFate
{
    /// <summary>It stays.</summary>
    Stays,

    /// <summary>Nobody needs anything of it.</summary>
    Dead,

    /// <summary>What is needed of it is in other packs, too.</summary>
    Superfluous,

    /// <summary>Most of it is waste: what is needed is written anew.</summary>
    Rewritten,
}
