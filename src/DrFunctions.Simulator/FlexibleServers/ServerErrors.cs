using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>The service's refusals.</summary>
internal static class ServerErrors
{
    public static ArmRejection Invalid(string message) => ArmRejection.FromService(400, "InvalidParameterValue", message);

    public static ArmRejection Missing(string member) => ArmRejection.FromService(
        400, "MissingRequiredParameter", $"Parameter '{member}' must be specified. This parameter cannot be NULL or empty.");

    public static ArmRejection NotAllowed(string message) => ArmRejection.FromService(400, "OperationNotAllowed", message);

    public static ArmRejection NameTaken() => ArmRejection.FromService(409, "ServerNameAlreadyExists", "Specified server name is already used.");

    /// <summary>The service says so in the result of the operation; the misspelling is its own.</summary>
    public static ArmRejection NotReady(string what, FlexibleServer server) => ArmRejection.FromService(
        409, "ServerIsNotReady", $"{what} Sever Name = {server.Name}, Current Server State = {server.State}");

    public static ArmRejection RestoreIntoReplicaTime() => ArmRejection.FromService(
        400,
        "PointInTimeRestoreNotAllowed",
        "Point-in-time-restore of server to the period when the siteswap operation for this server was in-progress or when the server was replica is not allowed.");

    public static ArmRejection PrimaryUnreachable(FlexibleServer primary) => ArmRejection.FromService(
        409,
        "PrimaryServerUnreachable",
        $"The planned promotion waits for the replica to have everything of primary server '{primary.Name}', which is {primary.State} and cannot be reached in region '{primary.Location}'.");
}
