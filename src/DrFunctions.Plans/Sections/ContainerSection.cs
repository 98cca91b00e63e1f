using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads where blobs lie.</summary>
internal static class ContainerSection
{
    public static BlobContainer? Read(Field? field)
    {
        var fields = field?.Map(PlanKeys.Container);
        var connection = Names.Setting(fields?["connection"]);
        var container = Names.Container(fields?["container"]);
        return connection is null || container is null ? null : new BlobContainer(connection, container);
    }

    /// <summary>Reads a container of a store, and the storage account that it is in, where the plan names it.</summary>
    public static (BlobContainer? Container, ResourceId? Account) ReadOfStore(Field? field)
    {
        var fields = field?.Map(PlanKeys.StoreContainer);
        var account = fields?["account"]?.Resource("Microsoft.Storage/storageAccounts");
        var connection = Names.Setting(fields?["connection"]);
        var container = Names.Container(fields?["container"]);
        return (connection is null || container is null ? null : new BlobContainer(connection, container), account);
    }
}
