using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>Azure SQL Database's refusals; codes and texts as the specification lists them.</summary>
internal static class SqlErrors
{
    public static ArmRejection Invalid(string message) => Of(400, "InvalidParameterValue", message);

    public static ArmRejection InvalidGroup(string suffix, string message) => Of(400, "FailoverGroupCreateOrUpdateRequest" + suffix, message);

    public static ArmRejection OnPrimary() =>
        Of(400, "FailoverGroupFailoverRequestOnPrimary", "The failover request should be initiated on the secondary server of failover group.");

    public static ArmRejection OnSecondary() => Of(
        400,
        "FailoverGroupUpdateOrDeleteRequestOnSecondary",
        "Modifications to the failover group are not allowed on a secondary server. Execute the request on the primary server.");

    public static ArmRejection NotInSync(string group, string state) => Of(
        400,
        "IncorrectReplicationLinkState",
        $"The operation expects the databases of '{group}' to be in an expected state on the replication link: expected CATCH_UP and found {state}.");

    public static ArmRejection PlannedTimedOut(string primary) => Of(
        400, "PlannedFailoverTimedOut", $"The planned failover timed out while it tried to reach the primary server '{primary}'.");

    public static ArmRejection RemoteDatabaseExists(string database, string server) =>
        Of(409, "RemoteDatabaseExists", $"The destination database name '{database}' already exists on the destination server '{server}'.");

    public static ArmRejection ServerNotFound(string id) => Of(400, "ServerNotFound", $"The requested server '{id}' was not found.");

    public static ArmRejection Of(int status, string code, string message) => ArmRejection.FromService(status, code, message);
}
