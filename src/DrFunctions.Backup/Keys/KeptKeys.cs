using System.Collections.Concurrent;

namespace DrFunctions.Backup.Keys;

/// <summary>Derives each wrapping key once: a passphrase takes a tenth of a second each time. Whoever has the memory has the passphrase as well. Thread-safe.</summary>
/// <param name="inner">Derives them.</param>
internal sealed class KeptKeys(IKeyWrapper inner) : IKeyWrapper
{
    // More repositories than a process opens; the slots of a hostile one push nothing else out of memory.
    private const int MostKept = 256;

    private readonly ConcurrentDictionary<string, Lazy<byte[]?>> kept = new(StringComparer.Ordinal);

    public string Kind => inner.Kind;

    public KeyDerivation? CreateDerivation() => inner.CreateDerivation();

    public byte[]? Derive(RepositoryId repository, KeyDerivation? derivation)
    {
        var name = derivation is null ? $"{repository}" : $"{repository} {derivation.Name} {derivation.Iterations} {Convert.ToHexString(derivation.Salt.Span)}";
        var key = kept.Count >= MostKept && !kept.ContainsKey(name)
            ? inner.Derive(repository, derivation)
            : kept.GetOrAdd(name, _ => new Lazy<byte[]?>(() => inner.Derive(repository, derivation))).Value;
        return key?.ToArray(); // The caller may wipe what it is given.
    }
}
