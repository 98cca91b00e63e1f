using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Operations;

/// <summary>The shapes of the providers, as recorded from the real ones; a conflict's status is 409 where no recording tells it.</summary>
internal static class OperationShapes
{
    private const string Async = "azureAsyncOperation";

    public static OperationShape PostgreSql { get; } = new()
    {
        StatusUrl = at => at.InLocation("Microsoft.DBforPostgreSQL", Async),
        ResultUrl = at => at.InLocation("Microsoft.DBforPostgreSQL", "operationResults"),
        Accepted = OperationBodies.NameAndStart,
        Busy = name => ArmRejection.FromService(
            409, "ServerIsBusy", $"Cannot complete operation while server '{name}' is busy processing another operation. Try again later."),
    };

    public static OperationShape Storage { get; } = new()
    {
        ResultUrl = at => at.InLocation("Microsoft.Storage", "asyncoperations") + "?monitor=true",
        Headers = new Dictionary<string, string> { ["Content-Type"] = "text/plain; charset=utf-8" },
        Busy = _ => ArmRejection.FromService(
            409, "StorageAccountOperationInProgress", "An operation is currently performing on this storage account that requires exclusive access."),
    };

    public static OperationShape ResourceGroups { get; } = new()
    {
        ResultUrl = at => $"/subscriptions/{at.Subscription}/operationresults/{at.Id}",
        Busy = name => new ArmRejection(
            409, "ResourceGroupBeingDeleted", $"The resource group '{name}' is in deprovisioning state and cannot perform this operation."),
    };

    public static OperationShape SqlFailoverGroups { get; } = Sql("failoverGroup");

    public static OperationShape SqlServers { get; } = Sql("server");

    public static OperationShape SqlDatabases { get; } = Sql("database");

    public static OperationShape Deployments { get; } = new()
    {
        StatusUrl = at => at.InResource("operationStatuses"),
        Status = OperationBodies.StatusOnly,
        Running = ["Running"],
        Busy = name => new ArmRejection(
            409, "DeploymentActive", $"Unable to edit or replace deployment '{name}': previous deployment is still active. Wait until it has completed."),
    };

    public static OperationShape DeploymentWhatIf { get; } = ResourceGroups;

    public static OperationShape AppServicePlans { get; } = new()
    {
        StatusUrl = at => at.InResource("operationresults"),
        ResultUrl = at => at.InResource("operationresults"),
        Status = OperationBodies.Conventional,
        Busy = name => ArmRejection.FromService(
            409, "Conflict", $"Cannot modify '{name}' because another operation is in progress."),
    };

    public static OperationShape Compute { get; } = new()
    {
        StatusUrl = at => at.InLocation("Microsoft.Compute", "operations") + "?p=" + at.Id,
        ResultUrl = at => at.InLocation("Microsoft.Compute", "operations") + "?p=" + at.Id + "&monitor=true",
        Headers = new Dictionary<string, string> { ["azure-asyncnotification"] = "Enabled" },
        Status = operation =>
        {
            var body = new JsonObject { ["startTime"] = OperationBodies.Ticks(operation.Started) };
            if (operation.Ended is { } ended)
            {
                body["endTime"] = OperationBodies.Ticks(ended);
            }

            body["status"] = operation.Status;
            body["name"] = operation.Id;
            return body;
        },
        Busy = name => ArmRejection.FromService(
            409, "AnotherOperationInProgress", $"Another operation is in progress on '{name}'. Wait until it has completed."),
    };

    public static OperationShape CosmosDb { get; } = new()
    {
        StatusUrl = at => at.InLocation("Microsoft.DocumentDB", "operationsStatus"),
        ResultUrl = at => at.InResource("failoverPriorityChange/operationResults"),
        Accepted = _ => new JsonObject { ["status"] = "Enqueued" },
        Status = OperationBodies.StatusOnly,
        Running = ["Enqueued", "Dequeued"],
        Busy = name => ArmRejection.FromService(
            412, "PreconditionFailed", $"There is already an operation in progress which requires an exclusive lock on '{name}'."),
    };

    /// <summary>Front Door shows an error of code None while all is well: only the status counts.</summary>
    public static OperationShape FrontDoor { get; } = new()
    {
        StatusUrl = at => at.Resource.Split("/profiles/")[0].Replace("/resourceGroups/", "/resourcegroups/", StringComparison.Ordinal) + "/operationresults/" + at.Id,
        ResultUrl = at => at.Resource.Split("/profiles/")[0].Replace("/resourceGroups/", "/resourcegroups/", StringComparison.Ordinal) + "/operationresults/" + at.Id
            + "/profileresults/" + at.Resource.Split("/profiles/")[1]
                .Replace("/originGroups/", "/origingroupresults/", StringComparison.OrdinalIgnoreCase)
                .Replace("/origins/", "/originresults/", StringComparison.OrdinalIgnoreCase),
        Status = operation => new JsonObject
        {
            ["status"] = operation.Status,
            ["error"] = new JsonObject { ["code"] = "None", ["message"] = null },
        },
        Busy = name => ArmRejection.FromService(409, "Conflict", $"The property or resource '{name}' is being changed by another operation."),
    };

    private static OperationShape Sql(string kind) => new()
    {
        StatusUrl = at => at.InLocation("Microsoft.Sql", kind + "AzureAsyncOperation"),
        ResultUrl = at => at.InLocation("Microsoft.Sql", kind + "OperationResults"),
        Accepted = OperationBodies.NameAndStart,
        Busy = name => ArmRejection.FromService(
            409, "ConflictingServerOperation", $"An operation is currently in progress for the server or failover group '{name}'. Wait until it has completed."),
    };
}
