using System.Security.Cryptography;

namespace DrFunctions.Backup.Keys;

/// <summary>Opens a slot with a printed key: HKDF-SHA-256 of it, salted with the repository's id, so that one key on paper serves many repositories.</summary>
/// <param name="key">The key, <see cref="RecoveryKey.Length"/> bytes.</param>
internal sealed class RecoveryKeyWrapper(byte[] key) : IKeyWrapper
{
    public string Kind => "recoveryKey";

    public string Description => "the recovery key";

    public Task<SlotKey> CreateAsync(RepositoryId repository, CancellationToken cancellationToken) =>
        Task.FromResult(new SlotKey(Derive(repository), new Dictionary<string, string>()));

    public Task<byte[]?> OpenAsync(RepositoryId repository, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken) =>
        Task.FromResult<byte[]?>(Derive(repository));

    private byte[] Derive(RepositoryId repository)
    {
        var salt = new byte[RepositoryId.Length];
        repository.Write(salt);
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, key, MasterKey.Length, salt, "drfunctions recovery key"u8.ToArray());
    }
}
