using System.Security.Cryptography;
using DrFunctions.Backup.Keys;

namespace DrFunctions.Cloud.KeyVault;

/// <summary>
/// Opens slots with an RSA key that never leaves its vault. The slot says which version of the key wrapped its wrapping key, so that a new version takes nothing
/// away from older slots.
/// </summary>
internal sealed class KeyVaultWrapper(KeyVaultClient client) : IKeyWrapper
{
    private const int WrappingKeyLength = 32;
    private const int LongestWrapped = 1024; // RSA of 8,192 bits; vaults have 4,096 at most.

    public string Kind => "keyVault";

    public string Description => $"the key {client.Key}";

    public async Task<SlotKey> CreateAsync(RepositoryId repository, CancellationToken cancellationToken)
    {
        var key = RandomNumberGenerator.GetBytes(WrappingKeyLength);
        var (version, wrapped) = await client.WrapAsync(key, cancellationToken);
        return new SlotKey(key, new Dictionary<string, string>
        {
            ["algorithm"] = KeyVaultClient.Algorithm,
            ["key"] = version.ToString(),
            ["wrappingKey"] = Convert.ToBase64String(wrapped),
        });
    }

    public async Task<byte[]?> OpenAsync(RepositoryId repository, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        // What the slot says of the vault is compared and never followed: whoever can write slots must not get our token sent to a place of theirs.
        var wrapped = new byte[LongestWrapped];
        return parameters.GetValueOrDefault("algorithm") == KeyVaultClient.Algorithm
            && VaultKeyUrl.TryParse(parameters.GetValueOrDefault("key"), out var version, out _)
            && version is { Version: not null }
            && version.IsSameKey(client.Key)
            && Convert.TryFromBase64String(parameters.GetValueOrDefault("wrappingKey", ""), wrapped, out var length)
                ? await client.UnwrapAsync(client.Key with { Version = version.Version }, wrapped[..length], cancellationToken)
                : null;
    }
}
