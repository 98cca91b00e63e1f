using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>The stores as far as they could be read, the names of all, and which of these are databases.</summary>
internal sealed record StoresSection(IReadOnlyList<DataStore> Stores, IReadOnlyCollection<string> Names, IReadOnlyCollection<string> Databases)
{
    /// <summary>False when all stores are databases, which nothing of ours backs up; one that could not be read may be a container.</summary>
    public bool HasContainers => Names.Count == 0 || Names.Except(Databases).Any();

    public static StoresSection Read(Field? field, RegionsSection regions)
    {
        var names = new UniqueNames();
        var stores = new List<DataStore>();
        var databases = new HashSet<string>(StringComparer.Ordinal);
        var owners = new StoreOwners(regions);
        foreach (var item in field?.List() ?? [])
        {
            if (item.Map(PlanKeys.Store) is not { } fields)
            {
                continue;
            }

            var name = Sections.Names.Name(fields["name"]);
            names.Add(name, fields["name"]);
            if (name is not null && StoreSection.IsDatabase(fields))
            {
                databases.Add(name);
            }

            if (StoreSection.Read(item, fields, name, regions.Primary) is { } store)
            {
                stores.Add(store);
                owners.Claim(fields, store);
            }
        }

        return new StoresSection(stores, names.All, databases);
    }

    /// <summary>Reads the name of a store that backups and restores can be of; an unknown one and a database are reported.</summary>
    public string? ReferContainer(Field? field)
    {
        if (UniqueNames.Refer(field, "store", Names) is not { } name)
        {
            return null;
        }

        if (!Databases.Contains(name))
        {
            return name;
        }

        var containers = Names.Except(Databases).ToList();
        field?.Report(
            $"is '{name}', a database: its service replicates and keeps it, and backups and restores are of containers; expected {(containers.Count > 0 ? Spelling.OneOf(containers) : "a store with containers, of which the plan has none")}.");
        return null;
    }
}
