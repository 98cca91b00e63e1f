namespace DrFunctions.Backup.Keys;

/// <summary>Opens a slot with a passphrase.</summary>
/// <param name="passphrase">Any text, not empty.</param>
/// <param name="iterations">Of new slots.</param>
internal sealed class PassphraseWrapper(string passphrase, int iterations = Passphrase.Iterations) : IKeyWrapper
{
    private const string Function = "pbkdf2-hmac-sha256";

    public string Kind => "passphrase";

    public KeyDerivation? CreateDerivation() => new(Function, iterations, Passphrase.CreateSalt());

    public byte[]? Derive(RepositoryId repository, KeyDerivation? derivation) =>
        derivation is { Name: Function, Iterations: >= 1 and <= Passphrase.MostIterations, Salt.Length: >= Passphrase.SaltLength and <= 1024 }
            ? Passphrase.ToKey(passphrase, derivation.Salt.Span, derivation.Iterations)
            : null;
}
