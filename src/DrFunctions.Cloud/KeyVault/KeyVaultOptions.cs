using Azure.Core;
using Azure.Identity;
using DrFunctions.Backup;
using DrFunctions.Backup.Keys;

namespace DrFunctions.Cloud.KeyVault;

/// <summary>How Key Vault is reached. Patience is short: a restore that waits for a lost region's vault has other secrets to try.</summary>
public sealed record KeyVaultOptions
{
    /// <summary>SHA-256 thumbprint, 64 hexadecimal digits, of the one certificate to trust at a loopback address; null, the default, for the machine's trust.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>Whose tokens are shown; default <see cref="DefaultAzureCredential"/>'s, the app's identity.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>How long one attempt may take. Default 5 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts after the first. Default 2.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The wait before the first repetition, doubled with each, when the vault names none. Default 400 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The longest <c>Retry-After</c> that a call waits out by itself. Default 5 s; a longer one fails the call.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A key of a vault as a secret that opens repositories. Sends nothing yet.</summary>
    /// <param name="keyUrl"><c>https://VAULT.vault.azure.net/keys/NAME</c>, RSA. A version at its end is the one that new slots use; without it, the newest.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.KeyRefused"/>: the URL is none of a key; the message says what was expected.</exception>
    public IKeyWrapper Open(string keyUrl) => VaultKeyUrl.TryParse(keyUrl, out var key, out var mistake)
        ? new KeyVaultWrapper(new KeyVaultClient(key, this))
        : throw new BackupException(
            BackupErrors.KeyRefused, $"The URL of the key is not one: {mistake}.", isTransient: false, "Copy the key identifier from the vault's page in the portal.");
}
