using DrFunctions.Cloud.KeyVault;

namespace DrFunctions.Cloud.Tests.KeyVault;

public sealed class VaultKeyUrlTests
{
    [Theory]
    [InlineData("https://shop.vault.azure.net/keys/backup", "https://shop.vault.azure.net/keys/backup", "https://vault.azure.net/.default")]
    [InlineData("https://shop.vault.azure.net:443/keys/backup/", "https://shop.vault.azure.net/keys/backup", "https://vault.azure.net/.default")]
    [InlineData("https://SHOP.vault.azure.cn/keys/backup/0123abc", "https://shop.vault.azure.cn/keys/backup/0123abc", "https://vault.azure.cn/.default")]
    [InlineData("https://shop.vault.usgovcloudapi.net/keys/backup", "https://shop.vault.usgovcloudapi.net/keys/backup", "https://vault.usgovcloudapi.net/.default")]
    public void TryParse_AKey_IsReadWithTheScopeOfItsCloud(string text, string expected, string scope)
    {
        Assert.True(VaultKeyUrl.TryParse(text, out var key, out _));
        Assert.Equal((expected, scope), (key.ToString(), key.Scope));
    }

    [Theory]
    [InlineData(null, "expected https://VAULT.vault.azure.net/keys/NAME, with or without a version")]
    [InlineData("http://shop.vault.azure.net/keys/backup", "expected https://")]
    [InlineData("https://user:word@shop.vault.azure.net/keys/backup", "expected https://")]
    [InlineData("https://shop.vault.azure.net/keys/backup?sig=x", "expected https://")]
    [InlineData("https://shop.vault.azure.net.example.org/keys/backup", "'https://shop.vault.azure.net.example.org/keys/backup' is in none of vault.azure.net, ")]
    [InlineData("https://vault.azure.net/keys/backup", "is in none of")]
    [InlineData("https://a.b.vault.azure.net/keys/backup", "is in none of")]
    [InlineData("https://shop.vault.azure.net:444/keys/backup", "is in none of")]
    [InlineData("https://shop.vault.azure.net/secrets/backup", "'https://shop.vault.azure.net/secrets/backup' names no key; expected https://")]
    [InlineData("https://shop.vault.azure.net/keys/a/b/c", "names no key")]
    [InlineData("https://shop.vault.azure.net/keys/", "names no key")]
    public void TryParse_NoKey_SaysWhatWasExpectedAndRepeatsNoSecret(string? text, string expected)
    {
        Assert.False(VaultKeyUrl.TryParse(text, out _, out var mistake));
        Assert.Contains(expected, mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("word", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", mistake, StringComparison.Ordinal);
    }
}
