using System.Security.Cryptography;

namespace DrFunctions.Simulator.KeyVaults;

/// <summary>A key of a vault with its versions, the newest last.</summary>
/// <param name="Name">As it was created.</param>
internal sealed record VaultKey(string Name) : IDisposable
{
    public List<VaultKeyVersion> Versions { get; } = [];

    /// <summary>Whether it is deleted and can be recovered: nothing finds it meanwhile.</summary>
    public bool Deleted { get; set; }

    public VaultKeyVersion AddVersion(int bits, DateTimeOffset now)
    {
        // Ids need not repeat from run to run, nor could the keys: they are random.
        var version = new VaultKeyVersion(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), RSA.Create(bits), now);
        Versions.Add(version);
        return version;
    }

    public void Dispose() => Versions.ForEach(version => version.Rsa.Dispose());
}

/// <summary>One version of a key.</summary>
internal sealed record VaultKeyVersion(string Id, RSA Rsa, DateTimeOffset Created)
{
    public bool Enabled { get; set; } = true;
}
