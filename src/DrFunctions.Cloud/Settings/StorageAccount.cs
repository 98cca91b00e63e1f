using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.Cloud.Settings;

/// <summary>A storage account as the settings name it: by connection string, or by address for the app's identity.</summary>
internal sealed class StorageAccount
{
    private readonly string? _connectionString;

    private StorageAccount(string setting, string? connectionString, Uri address)
    {
        Setting = setting;
        _connectionString = connectionString;
        Address = address;
    }

    /// <summary>The setting, for messages.</summary>
    public string Setting { get; }

    /// <summary>The blob service's address, without a secret.</summary>
    public Uri Address { get; }

    /// <summary>Reads <c>{setting}</c>, or else <c>{setting}__blobServiceUri</c>; null when neither is set.</summary>
    public static StorageAccount? Read(IConfiguration settings, string setting, ICollection<string> mistakes)
    {
        if (settings[setting] is { Length: > 0 } connectionString)
        {
            try
            {
                return new StorageAccount(setting, connectionString, new BlobServiceClient(connectionString).Uri);
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                // The text is a secret and stays out of the message.
                mistakes.Add($"{setting} is not a storage connection string");
                return null;
            }
        }

        // The environment writes ':' as "__"; other sources may keep it.
        var name = setting + "__blobServiceUri";
        if ((settings[setting + ":blobServiceUri"] ?? settings[name]) is not { Length: > 0 } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.Query.Length == 0)
        {
            return new StorageAccount(setting, null, address);
        }

        mistakes.Add($"{name} must be an https URL without a query, such as https://account.blob.core.windows.net");
        return null;
    }

    /// <summary>A client for the account.</summary>
    public BlobServiceClient Connect(BlobClientOptions options) => _connectionString is not null
        ? new BlobServiceClient(_connectionString, options)
        : new BlobServiceClient(Address, new DefaultAzureCredential(), options);
}
