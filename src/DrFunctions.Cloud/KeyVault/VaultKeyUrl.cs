using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace DrFunctions.Cloud.KeyVault;

/// <summary>A key in a vault, or one version of it: <c>https://{vault}.vault.azure.net/keys/{name}[/{version}]</c>.</summary>
/// <param name="Vault">The vault's address, without a path.</param>
/// <param name="Name">The key's name.</param>
/// <param name="Version">The version; null for the newest.</param>
internal sealed partial record VaultKeyUrl(Uri Vault, string Name, string? Version)
{
    private const string Expected = "expected https://VAULT.vault.azure.net/keys/NAME, with or without a version";

    // Azure's clouds (https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates); a token goes with each request, and must not go anywhere else.
    private static readonly string[] Zones = ["vault.azure.net", "vault.azure.cn", "vault.usgovcloudapi.net"];

    /// <summary>What the app asks a token for.</summary>
    public string Scope => $"https://{Zones.FirstOrDefault(zone => IsIn(Vault, zone)) ?? Zones[0]}/.default";

    /// <summary>Whether both are versions of one key; names compare without case, as vaults compare them.</summary>
    public bool IsSameKey(VaultKeyUrl other) =>
        Uri.Compare(Vault, other.Vault, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
        && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a key's URL.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="key">The key.</param>
    /// <param name="mistake">What is wrong, with what was expected; it does not repeat a query or user information, which may hold a secret.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VaultKeyUrl? key, [NotNullWhen(false)] out string? mistake)
    {
        key = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            mistake = Expected;
            return false;
        }

        var shown = url.GetLeftPart(UriPartial.Path);
        if (!url.IsLoopback && (!url.IsDefaultPort || !Zones.Any(zone => IsIn(url, zone))))
        {
            mistake = $"'{shown}' is in none of {string.Join(", ", Zones)}; {Expected}";
            return false;
        }

        if (KeyPath().Match(url.AbsolutePath) is not { Success: true } path)
        {
            mistake = $"'{shown}' names no key; {Expected}";
            return false;
        }

        key = new VaultKeyUrl(new Uri(url.GetLeftPart(UriPartial.Authority)), path.Groups["name"].Value, path.Groups["version"] is { Success: true } version ? version.Value : null);
        mistake = null;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Vault.GetLeftPart(UriPartial.Authority)}/keys/{Name}{(Version is null ? "" : "/" + Version)}";

    private static bool IsIn(Uri vault, string zone) =>
        vault.Host.EndsWith("." + zone, StringComparison.OrdinalIgnoreCase) && !vault.Host[..^(zone.Length + 1)].Contains('.', StringComparison.Ordinal);

    [GeneratedRegex("^/keys/(?<name>[0-9A-Za-z-]{1,127})(/(?<version>[0-9A-Za-z]{1,64}))?/?$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyPath();
}
