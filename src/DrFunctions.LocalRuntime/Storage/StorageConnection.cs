using Azure.Core;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime.Storage;

/// <summary>The storage account of the host, from the setting <c>AzureWebJobsStorage</c>.</summary>
internal static class StorageConnection
{
    public const string Setting = "AzureWebJobsStorage";

    /// <summary>The connection string; null where there is none. It may also stand among the connection strings, as on the official host.</summary>
    public static string? Find(IConfiguration configuration) =>
        configuration[Setting] ?? configuration.GetConnectionString(Setting);

    /// <summary>The client; null, with the reason among the problems, where the setting is missing or wrong.</summary>
    public static BlobServiceClient? Create(IConfiguration configuration, List<string> problems)
    {
        var value = Find(configuration);
        if (string.IsNullOrWhiteSpace(value))
        {
            problems.Add(configuration.GetSection(Setting).GetChildren().Any()
                ? $"setting '{Setting}' is an identity-based connection, which the local runtime does not support: give a connection string"
                : $"setting '{Setting}' is missing: give a storage connection string, such as UseDevelopmentStorage=true for Azurite");
            return null;
        }

        try
        {
            return new BlobServiceClient(value, Options());
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or UriFormatException)
        {
            // The value holds a secret, so only the reason is told.
            problems.Add($"setting '{Setting}' is not a storage connection string: {exception.Message}");
            return null;
        }
    }

    // Bounded: a storage that is gone is answered within about half a minute, and its users try again.
    private static BlobClientOptions Options() => new()
    {
        Retry =
        {
            Mode = RetryMode.Exponential,
            MaxRetries = 2,
            Delay = TimeSpan.FromMilliseconds(500),
            MaxDelay = TimeSpan.FromSeconds(2),
            NetworkTimeout = TimeSpan.FromSeconds(8),
        },
    };
}
