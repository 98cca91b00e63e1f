using System.Globalization;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>How the copy in the secondary region is doing.</summary>
internal sealed class GeoReplication(RegionOutages outages, TimeProvider time)
{
    public bool IsBootstrapping(StorageAccount account) => account.SeededAt > time.GetUtcNow();

    /// <summary>Live, Bootstrap while the first copy is made, or Unavailable while one of the regions is dark.</summary>
    public string StatusOf(StorageAccount account) =>
        outages.IsDark(account.PrimaryLocation) || outages.IsDark(account.SecondaryLocation!) ? "Unavailable" // asked of geo-redundant ones only
        : IsBootstrapping(account) ? "Bootstrap"
        : "Live";

    /// <summary>All writes before this are in the secondary region, whole seconds; the smallest time while the first copy is made.</summary>
    public DateTimeOffset LastSync(StorageAccount account)
    {
        if (IsBootstrapping(account))
        {
            return DateTimeOffset.MinValue;
        }

        var synced = SyncedUntil(account);
        return new DateTimeOffset(synced.Ticks - (synced.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
    }

    /// <summary>How much of what the primary has confirmed is not in the secondary region.</summary>
    public TimeSpan BehindOf(StorageAccount account) => (outages.Since(account.PrimaryLocation) ?? time.GetUtcNow()) - SyncedUntil(account);

    /// <summary>Why the account cannot be failed over now; null when it can.</summary>
    public string? Obstacle(StorageAccount account, bool planned)
    {
        if (account.SecondaryLocation is not { } secondary)
        {
            return $"its redundancy {account.Sku} has no copy in another region";
        }

        return IsBootstrapping(account) ? "the first copy to the secondary region is not complete"
            : outages.IsDark(secondary) ? $"the secondary region '{secondary}' is not available"
            : planned && outages.IsDark(account.PrimaryLocation) ? $"a planned failover needs the primary region '{account.PrimaryLocation}', which is not available"
            : null;
    }

    public JsonObject Write(StorageAccount account) => new()
    {
        ["status"] = StatusOf(account),
        ["lastSyncTime"] = LastSync(account).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["canFailover"] = !account.FailoverInProgress && Obstacle(account, planned: false) is null,
        ["canPlannedFailover"] = !account.FailoverInProgress && Obstacle(account, planned: true) is null,
        ["postFailoverRedundancy"] = StorageSku.AfterFailover,
        ["postPlannedFailoverRedundancy"] = AfterPlannedFailover(account),
    };

    private DateTimeOffset SyncedUntil(StorageAccount account) =>
        outages.SyncedUntil(account.PrimaryLocation, account.SecondaryLocation!, account.Lag); // asked of geo-redundant ones only

    public static string AfterPlannedFailover(StorageAccount account) =>
        StorageSku.AfterPlannedFailover(account.Sku, account.ZonalLocation is { } zonal && ArmRouter.Is(zonal, account.SecondaryLocation ?? ""));
}
