using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>What Resource Manager knows of an account's blob service; content is not simulated.</summary>
internal sealed class BlobService
{
    /// <summary>Its settings, as they were last put.</summary>
    public JsonObject Settings { get; set; } = new()
    {
        ["cors"] = new JsonObject { ["corsRules"] = new JsonArray() },
        ["deleteRetentionPolicy"] = new JsonObject { ["enabled"] = false },
    };

    public Dictionary<string, BlobContainer> Containers { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>A blob container.</summary>
internal sealed record BlobContainer(string Name, DateTimeOffset Modified, string ETag)
{
    public const string Type = StorageAccount.Type + "/blobServices/containers";

    public string PublicAccess { get; init; } = "None";

    public IReadOnlyList<string> LegalHolds { get; init; } = [];

    public ImmutabilityPolicy? Policy { get; init; }
}

/// <summary>How long blobs of a container can be neither changed nor deleted.</summary>
/// <param name="Days">Days since a blob's creation, 1 to 146000.</param>
/// <param name="ETag">Its entity tag, quoted.</param>
internal sealed record ImmutabilityPolicy(int Days, string ETag)
{
    public const string Type = BlobContainer.Type + "/immutabilityPolicies";

    /// <summary>A locked policy can be extended and nothing else.</summary>
    public bool Locked { get; init; }

    public bool? AllowsAppends { get; init; }
}
