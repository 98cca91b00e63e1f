using System.Diagnostics.CodeAnalysis;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>All servers, databases and failover groups; used only while a request is handled or an operation ends.</summary>
internal sealed class SqlStore
{
    private readonly Dictionary<string, SqlServer> _servers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SqlDatabase> _databases = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FailoverGroup> _groups = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<SqlServer> Servers => _servers.Values;

    public IEnumerable<FailoverGroup> Groups => _groups.Values;

    public bool TryFindServer(string id, [NotNullWhen(true)] out SqlServer? server) => _servers.TryGetValue(id, out server);

    /// <exception cref="ArmRejection">404: there is no such server.</exception>
    public SqlServer FindServer(string id) => TryFindServer(id, out var server) ? server : throw NotFound(SqlServer.Type, id);

    public SqlServer? FindServerByName(string name) => _servers.Values.FirstOrDefault(server => ArmRouter.Is(server.Name, name));

    public void Put(SqlServer server) => _servers[server.Id] = server;

    public void RemoveServer(SqlServer server)
    {
        _servers.Remove(server.Id);
        foreach (var database in DatabasesOf(server).ToList())
        {
            RemoveDatabase(database);
        }

        foreach (var group in GroupsOf(server).ToList())
        {
            _groups.Remove(group.Name);
        }
    }

    public IEnumerable<SqlDatabase> DatabasesOf(SqlServer server) => _databases.Values.Where(database => ArmRouter.Is(database.ServerId, server.Id));

    public bool TryFindDatabase(string id, [NotNullWhen(true)] out SqlDatabase? database) => _databases.TryGetValue(id, out database);

    public void Put(SqlDatabase database) => _databases[database.Id] = database;

    /// <summary>Removes a database; its secondaries stand alone.</summary>
    public void RemoveDatabase(SqlDatabase database)
    {
        _databases.Remove(database.Id);
        foreach (var secondary in _databases.Values.Where(each => each.SourceId is { } source && ArmRouter.Is(source, database.Id)).ToList())
        {
            Put(secondary with { SourceId = null });
        }
    }

    public IEnumerable<FailoverGroup> GroupsOf(SqlServer server) => _groups.Values.Where(group => group.IsOn(server.Id));

    public FailoverGroup? FindGroupByName(string name) => _groups.GetValueOrDefault(name);

    /// <exception cref="ArmRejection">404: the server shows no such group.</exception>
    public FailoverGroup FindGroup(SqlServer server, string name) => FindGroupByName(name) is { } group && group.IsOn(server.Id)
        ? group
        : throw NotFound(FailoverGroup.Type, server.Id + "/failoverGroups/" + name);

    public FailoverGroup? GroupWith(SqlServer server, string database) =>
        GroupsOf(server).FirstOrDefault(group => group.Databases.Contains(database, StringComparer.OrdinalIgnoreCase));

    public void Put(FailoverGroup group) => _groups[group.Name] = group;

    public void Remove(FailoverGroup group) => _groups.Remove(group.Name);

    public void Clear()
    {
        _servers.Clear();
        _databases.Clear();
        _groups.Clear();
    }

    public static ArmRejection NotFound(string type, string id)
    {
        var segments = id.Split('/');
        return ArmRejection.NotFound(type, string.Join('/', segments.Skip(8).Where((_, index) => index % 2 == 0)), segments[4]);
    }
}
