using System.Collections.Frozen;

namespace DrFunctions.Recovery.Fences;

/// <summary>All kinds of fence, found in this assembly.</summary>
public static class FenceCatalog
{
    private static readonly FrozenDictionary<Type, FenceKind> ByFence;
    private static readonly FrozenDictionary<string, FenceKind> ByName;

    static FenceCatalog()
    {
        var types = typeof(FenceKind).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(FenceKind)));
        All = [.. types.Select(type => (FenceKind)Activator.CreateInstance(type)!).OrderBy(kind => kind.Name, StringComparer.Ordinal)]; // A class has an instance.
        ByFence = All.ToFrozenDictionary(kind => kind.FenceType);
        ByName = All.ToFrozenDictionary(kind => kind.Name, StringComparer.Ordinal);
    }

    /// <summary>In the ordinal order of their names.</summary>
    public static IReadOnlyList<FenceKind> All { get; }

    /// <summary>The kind of that name; null when there is none.</summary>
    public static FenceKind? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The kind of a fence.</summary>
    /// <exception cref="ArgumentException">No kind makes such fences.</exception>
    public static FenceKind Of(StoreFence fence)
    {
        ArgumentNullException.ThrowIfNull(fence);
        return ByFence.GetValueOrDefault(fence.GetType()) ?? throw new ArgumentException($"'{fence.GetType().Name}' is of no fence kind.", nameof(fence));
    }
}
