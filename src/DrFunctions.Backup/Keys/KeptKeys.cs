using System.Collections.Concurrent;

namespace DrFunctions.Backup.Keys;

/// <summary>
/// Has each wrapping key once, for as long as it lives: a passphrase takes a tenth of a second each time, a vault a request. Whoever reads this memory has the secret itself
/// as well. Thread-safe.
/// </summary>
/// <param name="inner">The secret.</param>
public sealed class KeptKeys(IKeyWrapper inner) : IKeyWrapper
{
    // More repositories than a process opens; what hostile slots say pushes nothing else out of memory.
    private const int MostKept = 256;

    private readonly ConcurrentDictionary<string, byte[]> kept = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Kind => inner.Kind;

    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public Task<SlotKey> CreateAsync(RepositoryId repository, CancellationToken cancellationToken) => inner.CreateAsync(repository, cancellationToken);

    /// <inheritdoc/>
    public async Task<byte[]?> OpenAsync(RepositoryId repository, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var name = string.Join('\n', parameters.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}").Prepend($"{repository}"));
        if (!kept.TryGetValue(name, out var key))
        {
            key = await inner.OpenAsync(repository, parameters, cancellationToken);
            if (key is null || kept.Count >= MostKept)
            {
                return key;
            }

            key = kept.GetOrAdd(name, key);
        }

        return [.. key]; // The caller wipes what it is given.
    }
}
