using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>
/// Who has which container and which database. Two owners of one container would back each other up, or restore over each other; two
/// stores of one database would be promoted twice.
/// </summary>
internal sealed class StoreOwners
{
    private readonly Dictionary<BlobContainer, string> containers = [];
    private readonly Dictionary<ResourceId, string> databases = [];

    public StoreOwners(RegionsSection regions)
    {
        if (regions.Primary?.Repository is { } primary)
        {
            containers[primary] = "the primary region's repository";
        }

        if (regions.Secondary?.Repository is { } secondary)
        {
            containers[secondary] = "the secondary region's repository";
        }
    }

    public void Claim(FieldMap fields, DataStore store)
    {
        switch (store)
        {
            case ContainerStore container:
                Claim(fields["primary"], container.Primary, $"the primary of store '{store.Name}'");
                Claim(fields["secondary"], container.Secondary, $"the secondary of store '{store.Name}'");
                break;
            case PostgresStore postgres:
                Claim(fields["postgres"], store.Name, postgres.Primary, postgres.Secondary);
                break;
            case SqlGroupStore group:
                Claim(fields["sqlFailoverGroup"], store.Name, group.Primary, group.Secondary);
                break;
        }
    }

    private void Claim(Field? field, BlobContainer container, string owner)
    {
        if (!containers.TryAdd(container, owner))
        {
            field?.Report($"is container '{container.Container}' of {container.Connection}, which is {containers[container]}; expected its own.");
        }
    }

    private void Claim(Field? field, string store, ResourceId primary, ResourceId secondary)
    {
        foreach (var id in new[] { primary, secondary }.Distinct())
        {
            if (!databases.TryAdd(id, store))
            {
                field?.Report($"names '{id.Name}', which is in store '{databases[id]}' already; expected each database in one store.");
            }
        }
    }
}
