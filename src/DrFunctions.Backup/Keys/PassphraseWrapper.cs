using System.Globalization;

namespace DrFunctions.Backup.Keys;

/// <summary>Opens a slot with a passphrase.</summary>
/// <param name="passphrase">Any text, not empty.</param>
/// <param name="iterations">Of new slots.</param>
internal sealed class PassphraseWrapper(string passphrase, int iterations = Passphrase.Iterations) : IKeyWrapper
{
    private const string Function = "pbkdf2-hmac-sha256";
    private const int LongestSalt = 1024;

    public string Kind => "passphrase";

    public string Description => "the passphrase";

    public Task<SlotKey> CreateAsync(RepositoryId repository, CancellationToken cancellationToken)
    {
        var salt = Passphrase.CreateSalt();
        return Task.FromResult(new SlotKey(
            Passphrase.ToKey(passphrase, salt, iterations),
            new Dictionary<string, string>
            {
                ["function"] = Function,
                ["iterations"] = iterations.ToString(CultureInfo.InvariantCulture),
                ["salt"] = Convert.ToBase64String(salt),
            }));
    }

    public Task<byte[]?> OpenAsync(RepositoryId repository, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        Span<byte> salt = stackalloc byte[LongestSalt];
        return Task.FromResult(
            parameters.GetValueOrDefault("function") == Function
            && int.TryParse(parameters.GetValueOrDefault("iterations"), NumberStyles.None, CultureInfo.InvariantCulture, out var times)
            && times is >= 1 and <= Passphrase.MostIterations
            && Convert.TryFromBase64String(parameters.GetValueOrDefault("salt", ""), salt, out var length)
            && length >= Passphrase.SaltLength
                ? Passphrase.ToKey(passphrase, salt[..length], times)
                : null);
    }
}
