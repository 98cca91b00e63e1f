using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>The stores as far as they could be read, and the names of all.</summary>
internal sealed record StoresSection(IReadOnlyList<DataStore> Stores, IReadOnlyCollection<string> Names)
{
    public static StoresSection Read(Field? field, RegionsSection regions)
    {
        var names = new UniqueNames();
        var stores = new List<DataStore>();
        var taken = Repositories(regions);
        foreach (var item in field?.List() ?? [])
        {
            if (item.Map(PlanKeys.Store) is { } fields && ReadStore(fields, names) is { } store)
            {
                stores.Add(store);
                Claim(fields["primary"], store.Primary, $"the primary of store '{store.Name}'", taken);
                Claim(fields["secondary"], store.Secondary, $"the secondary of store '{store.Name}'", taken);
            }
        }

        return new StoresSection(stores, names.All);
    }

    private static DataStore? ReadStore(FieldMap fields, UniqueNames names)
    {
        var name = Sections.Names.Name(fields["name"]);
        names.Add(name, fields["name"]);
        var primary = ContainerSection.Read(fields["primary"]);
        var secondary = ContainerSection.Read(fields["secondary"]);
        var fence = fields["fence"]?.OneOf(Choices.Fences);
        if (primary is not null && primary.Connection == secondary?.Connection)
        {
            fields["secondary"]?.Report(
                "has the primary's connection, and one account is lost with its region; expected an account of the secondary region.");
        }

        return name is null || primary is null || secondary is null || fence is null
            ? null
            : new DataStore(name, primary, secondary, fence.Value);
    }

    private static Dictionary<BlobContainer, string> Repositories(RegionsSection regions)
    {
        var taken = new Dictionary<BlobContainer, string>();
        if (regions.Primary is { } primary)
        {
            taken[primary.Repository] = "the primary region's repository";
        }

        if (regions.Secondary is { } secondary)
        {
            taken[secondary.Repository] = "the secondary region's repository";
        }

        return taken;
    }

    // Two owners of one container would back each other up, or restore over each other.
    private static void Claim(Field? field, BlobContainer container, string owner, Dictionary<BlobContainer, string> taken)
    {
        if (!taken.TryAdd(container, owner))
        {
            field?.Report($"is container '{container.Container}' of {container.Connection}, which is {taken[container]}; expected its own.");
        }
    }
}
