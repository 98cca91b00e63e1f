using System.Diagnostics.CodeAnalysis;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>All servers and virtual endpoints; used only while a request is handled or an operation ends.</summary>
internal sealed class ServerStore
{
    private readonly Dictionary<string, FlexibleServer> _servers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, VirtualEndpoint> _endpoints = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names that are taken by servers still being made, which nobody can see yet.</summary>
    private readonly HashSet<string> _reserved = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<FlexibleServer> Servers => _servers.Values;

    public IEnumerable<VirtualEndpoint> Endpoints => _endpoints.Values;

    /// <summary>Whether a server has the name or is to have it; names are those of DNS and so the cloud's.</summary>
    public bool IsTaken(string name) => _reserved.Contains(name) || _servers.Values.Any(server => ArmRouter.Is(server.Name, name));

    public bool TryFind(string id, [NotNullWhen(true)] out FlexibleServer? server) => _servers.TryGetValue(id, out server);

    public FlexibleServer? FindByName(string name) => _servers.Values.FirstOrDefault(server => ArmRouter.Is(server.Name, name));

    /// <exception cref="ArmRejection">404: there is no such server.</exception>
    public FlexibleServer Find(string id) => TryFind(id, out var server) ? server : throw NotFound(id);

    public IEnumerable<FlexibleServer> ReplicasOf(FlexibleServer primary) =>
        _servers.Values.Where(server => server.SourceId is { } source && ArmRouter.Is(source, primary.Id));

    public void Put(FlexibleServer server) => _servers[server.Id] = server;

    /// <summary>Changes a server; does nothing when it is gone meanwhile.</summary>
    public void Change(string id, Func<FlexibleServer, FlexibleServer> change)
    {
        if (TryFind(id, out var server))
        {
            _servers[id] = change(server);
        }
    }

    public void Reserve(string name) => _reserved.Add(name);

    public void Release(string name) => _reserved.Remove(name);

    public VirtualEndpoint? EndpointOf(FlexibleServer primary) => _endpoints.Values.FirstOrDefault(endpoint => ArmRouter.Is(endpoint.ServerId, primary.Id));

    public VirtualEndpoint? FindEndpoint(string name) => _endpoints.GetValueOrDefault(name);

    public void Put(VirtualEndpoint endpoint) => _endpoints[endpoint.Name] = endpoint;

    public void RemoveEndpoint(string name) => _endpoints.Remove(name);

    /// <summary>Removes a server and its virtual endpoints; replicas that it leaves stand alone.</summary>
    public void Remove(string id)
    {
        _servers.Remove(id);
        foreach (var endpoint in _endpoints.Values.Where(each => ArmRouter.Is(each.ServerId, id)).ToList())
        {
            _endpoints.Remove(endpoint.Name);
        }

        foreach (var endpoint in _endpoints.Values.Where(each => ArmRouter.Is(each.ReaderId, id)).ToList())
        {
            _endpoints[endpoint.Name] = endpoint with { ReaderId = endpoint.ServerId };
        }

        foreach (var replica in _servers.Values.Where(server => server.SourceId is { } source && ArmRouter.Is(source, id)).ToList())
        {
            _servers[replica.Id] = replica with { SourceId = null, ReplicaSince = null, Standalone = true };
        }
    }

    public void Clear()
    {
        _servers.Clear();
        _endpoints.Clear();
        _reserved.Clear();
    }

    private static ArmRejection NotFound(string id)
    {
        var segments = id.Split('/');
        return ArmRejection.NotFound(FlexibleServer.Type, segments[^1], segments[4]);
    }
}
