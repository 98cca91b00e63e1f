using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DrFunctions.LocalRuntime.Storage;

namespace DrFunctions.LocalRuntime.Keys;

/// <summary>
/// The host's keys: from settings, else from storage, where the first host creates them and every other one reads them.
/// </summary>
internal sealed class KeyRing(IReadOnlyDictionary<string, string> given, IRecordStore store, string hostId)
{
    public const string Container = "azure-webjobs-secrets";

    private volatile IReadOnlyDictionary<string, string>? _keys = HostKey.All.All(given.ContainsKey) ? given : null;

    /// <summary>Where generated keys are kept.</summary>
    public string RecordName => $"{hostId}/host.json";

    /// <summary>Whether the keys are known; they are not while the storage has not answered yet.</summary>
    public bool IsLoaded => _keys is not null;

    /// <summary>A key's value.</summary>
    /// <exception cref="InvalidOperationException">The keys are not loaded.</exception>
    public string this[string name] => _keys is { } keys
        ? keys[name]
        : throw new InvalidOperationException("The keys are not loaded yet.");

    /// <summary>Whether a presented value is one of the named keys; null where that key is not known yet. Takes the same time for any value.</summary>
    public bool? Accepts(string? presented, params ReadOnlySpan<string> names)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented ?? ""));
        var accepted = false;
        var unknown = false;
        foreach (var name in names)
        {
            if ((_keys ?? given).TryGetValue(name, out var key))
            {
                accepted |= CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(key)));
            }
            else
            {
                unknown = true;
            }
        }

        return accepted ? true : unknown && presented is { Length: > 0 } ? null : false;
    }

    /// <summary>Reads the keys, or creates what is missing; two hosts that do so at once agree.</summary>
    /// <exception cref="RecordStoreException">The storage does not answer.</exception>
    /// <exception cref="InvalidOperationException">The stored keys cannot be read.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        while (_keys is null)
        {
            var record = await store.ReadAsync(Container, RecordName, cancellationToken);
            var stored = record is null ? [] : Parse(record.Content);
            if (HostKey.All.All(stored.ContainsKey))
            {
                _keys = Complete(stored);
                return;
            }

            // Given keys stay in the settings; the stored ones are always this host's own.
            var content = KeyDocument.From(Fill(stored)).ToContent();
            _ = record is null
                ? await store.TryCreateAsync(Container, RecordName, content, cancellationToken)
                : await store.TryReplaceAsync(Container, RecordName, content, record.ETag, cancellationToken);
        }
    }

    private Dictionary<string, string> Complete(Dictionary<string, string> stored) =>
        HostKey.All.ToDictionary(name => name, name => given.GetValueOrDefault(name) ?? stored[name]);

    private static Dictionary<string, string> Fill(Dictionary<string, string> stored) =>
        HostKey.All.ToDictionary(name => name, name => stored.GetValueOrDefault(name) ?? Generate());

    private Dictionary<string, string> Parse(BinaryData content)
    {
        try
        {
            return KeyDocument.Parse(content).ToKeys();
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException(
                $"The keys in {Container}/{RecordName} are not readable JSON: delete the blob to have new ones made", exception);
        }
    }

    private static string Generate() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(40)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
}
