namespace DrFunctions.Recovery.DataLoss;

/// <summary>What says how far a store's data is safe in the standby.</summary>
public enum LagBasis
{
    /// <summary>The newest restore point that both regions' repositories hold.</summary>
    BackupCopy,

    /// <summary>A geo-redundant storage account's own replication: its last sync time.</summary>
    StorageSync,

    /// <summary>PostgreSQL's replication to the standby's replica.</summary>
    PostgresReplication,

    /// <summary>The replication of a SQL failover group.</summary>
    SqlReplication,
}
