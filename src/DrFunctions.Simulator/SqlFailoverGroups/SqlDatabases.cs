using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>How databases come to follow each other.</summary>
internal sealed class SqlDatabases(ArmServices services, SqlStore store, SeededSource random)
{
    public SqlDatabase Make(SqlServer server, string name) => new()
    {
        Name = name,
        ServerId = server.Id,
        SkuName = "GP_Gen5_2",
        SkuTier = "GeneralPurpose",
        SkuCapacity = 2,
        DatabaseId = random.NextId("sql/databases"),
        Created = services.Time.GetUtcNow(),
    };

    /// <summary>A secondary of the database on another server, under its own or another name.</summary>
    public SqlDatabase Copy(SqlDatabase source, SqlServer server, string name, string type) => source with
    {
        Name = name,
        ServerId = server.Id,
        DatabaseId = random.NextId("sql/databases"),
        Created = services.Time.GetUtcNow(),
        SourceId = source.Id,
        SecondaryType = type,
    };

    /// <summary>Sees to a secondary of the group's database on its secondary server.</summary>
    /// <exception cref="ArmRejection">The database has gone, or another one has the name there.</exception>
    public void Follow(FailoverGroup group, string name)
    {
        var (primary, secondary) = (store.FindServer(group.PrimaryId), store.FindServer(group.SecondaryId));
        if (!store.TryFindDatabase(primary.DatabaseId(name), out var source))
        {
            throw SqlStore.NotFound(SqlDatabase.Type, primary.DatabaseId(name));
        }

        if (!store.TryFindDatabase(secondary.DatabaseId(name), out var existing))
        {
            store.Put(Copy(source, secondary, source.Name, "Geo"));
        }
        else if (existing.SourceId is not { } followed || !ArmRouter.Is(followed, source.Id))
        {
            throw SqlErrors.RemoteDatabaseExists(name, secondary.Name);
        }
    }

    /// <summary>Turns a database of a group that has been failed over: the old primary follows the new one.</summary>
    public void Reverse(FailoverGroup switched, string name)
    {
        var (primary, secondary) = (store.FindServer(switched.PrimaryId), store.FindServer(switched.SecondaryId));
        if (store.TryFindDatabase(primary.DatabaseId(name), out var promoted))
        {
            store.Put(promoted with { SourceId = null, SecondaryType = null });
        }

        if (store.TryFindDatabase(secondary.DatabaseId(name), out var demoted))
        {
            store.Put(demoted with { SourceId = primary.DatabaseId(name), SecondaryType = "Geo" });
        }
    }
}
