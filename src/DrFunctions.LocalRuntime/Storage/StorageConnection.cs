using Azure.Core;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime.Storage;

/// <summary>The storage account of the host, from the setting <c>AzureWebJobsStorage</c>.</summary>
internal static class StorageConnection
{
    public const string Setting = "AzureWebJobsStorage";

    /// <summary>In place of a connection string: state that lives and dies with the process.</summary>
    public const string Memory = "UseMemoryStorage=true";

    /// <summary>The connection string of a setting; null where there is none. It may also stand among the connection strings, as on the official host.</summary>
    public static string? Find(IConfiguration configuration, string setting = Setting) =>
        configuration[setting] ?? configuration.GetConnectionString(setting);

    /// <summary>Whether a connection string asks for state in memory.</summary>
    public static bool IsMemory(string? connection) => string.Equals(connection?.Trim().TrimEnd(';'), Memory, StringComparison.OrdinalIgnoreCase);

    /// <summary>The client; null, with the reason among the problems, where the setting is missing or wrong.</summary>
    public static BlobServiceClient? Create(IConfiguration configuration, List<string> problems, string setting = Setting)
    {
        var value = Find(configuration, setting);
        if (string.IsNullOrWhiteSpace(value))
        {
            problems.Add(configuration.GetSection(setting).GetChildren().Any()
                ? $"setting '{setting}' is an identity-based connection, which the local runtime does not support: give a connection string"
                : $"setting '{setting}' is missing: give a storage connection string, UseDevelopmentStorage=true for Azurite, "
                    + $"or {Memory} to keep nothing when the process ends");
            return null;
        }

        try
        {
            return new BlobServiceClient(value, Options());
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or UriFormatException)
        {
            // The value holds a secret, so only the reason is told.
            problems.Add($"setting '{setting}' is not a storage connection string: {exception.Message}");
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
