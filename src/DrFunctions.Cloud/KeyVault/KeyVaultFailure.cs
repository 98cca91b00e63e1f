using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Identity;
using DrFunctions.Backup;
using DrFunctions.Cloud.ResourceManager;

namespace DrFunctions.Cloud.KeyVault;

/// <summary>Refusals and silence of a vault, in the engine's words.</summary>
internal static class KeyVaultFailure
{
    /// <summary>An answer that is an error.</summary>
    public static BackupException Refused(VaultKeyUrl key, Response response)
    {
        var (code, text) = ResourceManagerFailure.ReadError(response);
        var said = $"status {response.Status}, {code ?? "no error code"}{(text is null ? "" : $": {text.TrimEnd('.')}")}";
        return response.Status switch
        {
            401 => Refusal($"the vault does not know the caller ({said})", "Check the app's identity and the vault's tenant."),
            403 when InnerCode(response) is "KeyDisabled" => Refusal("the key is disabled", "Enable that version of the key in its vault."),
            403 => Refusal($"the caller may not use it ({said})", "Give the app's identity the role Key Vault Crypto Service Encryption User on the key, and let it through the vault's firewall."),
            404 => Refusal($"there is no such key or version ({said})", "A deleted key can be recovered for as long as its vault keeps it (az keyvault key recover)."),
            429 => Unavailable($"the vault is asked too often{Wait(response)}"),
            408 or >= 500 => Unavailable($"the vault is not well ({said})"),
            _ => Refusal(said, "Look the code up among Key Vault's error codes."),
        };

        BackupException Refusal(string found, string hint) => new(BackupErrors.KeyRefused, $"{key}: {found}", isTransient: false, hint);

        BackupException Unavailable(string found) => new(
            BackupErrors.KeyUnavailable, $"{key}: {found}", isTransient: true, "Open the repository with another of its secrets, or try again later.");
    }

    /// <summary>No answer came.</summary>
    public static BackupException Silent(VaultKeyUrl key, Exception error)
    {
        var causes = ResourceManagerFailure.Causes(error).ToList();
        return causes.OfType<AuthenticationFailedException>().Any()
            ? new(BackupErrors.KeyRefused, $"{key}: no token for the app's identity", isTransient: true, "Check that the app has a managed identity, or sign in with 'az login'.", error)
            : causes.OfType<AuthenticationException>().Any()
            ? new(BackupErrors.KeyRefused, $"{key}: the vault's certificate is not trusted", isTransient: false, "Something stands between the app and the vault.", error)
            : new(
                BackupErrors.KeyUnavailable,
                $"{key}: the vault {(causes.OfType<OperationCanceledException>().Any() ? "did not answer in time" : "cannot be reached")}",
                isTransient: true,
                "Open the repository with another of its secrets; a deleted vault can be recovered (az keyvault recover).",
                error);
    }

    /// <summary>An answer that no vault gives.</summary>
    public static BackupException Strange(VaultKeyUrl key, string found) => new(
        BackupErrors.KeyRefused, $"{key}: {found}", isTransient: false, "Check that the URL leads to an RSA key in a vault.");

    private static string Wait(Response response) =>
        RetryAfter.Of(response) is { } wait ? FormattableString.Invariant($"; it asks to wait {wait.TotalSeconds} s") : "";

    // {"error":{"code":"Forbidden","message":"…","innererror":{"code":"KeyDisabled"}}}; the inner name's case differs.
    private static string? InnerCode(Response response)
    {
        try
        {
            var body = JsonNode.Parse(response.Content.ToMemory().Span, new JsonNodeOptions { PropertyNameCaseInsensitive = true });
            return ResourceManagerFailure.Text(((body as JsonObject)?["error"] as JsonObject)?["innererror"] is JsonObject inner ? inner["code"] : null);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
