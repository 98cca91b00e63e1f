using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Answers requests for one profile or one of its endpoints.</summary>
internal sealed class ProfileApi(ProfileStore profiles, TrafficMonitor monitor, ProfileReader reader, EndpointReader endpoints, ProfileWriter writer)
{
    public TrafficProfile Find(string group, string name) => profiles.TryFind(group, name, out var profile)
        ? profile
        : throw ArmRejection.NotFound(ProfileWriter.ProfileType, name, group);

    public ArmResponse HandleProfile(ArmRequest request, string group, string name)
    {
        var created = false;
        switch (request.Method)
        {
            case "GET" or "HEAD":
                return ArmResponse.Ok(Write(Find(group, name)));
            case "PUT":
                var body = request.RequireBody();
                var put = profiles.Update(group, name, existing =>
                {
                    created = existing is null;
                    return reader.Read(body, group, existing?.Name ?? name);
                });
                return new ArmResponse(created ? 201 : 200, Write(put!)); // the change returns a profile
            case "PATCH":
                var patch = request.RequireBody();
                var patched = profiles.Update(group, name, existing => existing is null
                    ? throw ArmRejection.NotFound(ProfileWriter.ProfileType, name, group)
                    : reader.Read(JsonMergePatch.Merge(writer.Write(existing, Unread(existing)), patch), group, existing.Name));
                return ArmResponse.Ok(Write(patched!)); // the change returns a profile
            case "DELETE":
                var found = false;
                profiles.Update(group, name, existing =>
                {
                    found = existing is not null;
                    return null;
                });
                return new ArmResponse(found ? 200 : 204);
            default:
                throw request.MethodNotAllowed();
        }
    }

    public ArmResponse HandleEndpoint(ArmRequest request, string group, string profileName, EndpointKind kind, string name)
    {
        switch (request.Method)
        {
            case "GET" or "HEAD":
                var read = Find(group, profileName);
                return ArmResponse.Ok(WriteEndpoint(read, kind, name) ?? throw ProfileErrors.EndpointNotFound(read.Name, name));
            case "PUT":
                // The service answers 201 on create and on update.
                return new ArmResponse(201, Change(request.RequireBody(), merge: false));
            case "PATCH":
                return ArmResponse.Ok(Change(request.RequireBody(), merge: true));
            case "DELETE":
                var found = false;
                Update(profile =>
                {
                    var index = IndexOf(profile, kind, name);
                    found = index >= 0;
                    return found ? profile with { Endpoints = profile.Endpoints.RemoveAt(index) } : profile;
                });
                return new ArmResponse(found ? 200 : 204);
            default:
                throw request.MethodNotAllowed();
        }

        JsonObject? Change(JsonObject body, bool merge) => WriteEndpoint(Update(profile => With(profile, body, merge)), kind, name);

        TrafficProfile Update(Func<TrafficProfile, TrafficProfile> change) => profiles.Update(group, profileName, existing =>
            change(existing ?? throw ArmRejection.NotFound(ProfileWriter.ProfileType, profileName, group)))!; // the change returns a profile

        TrafficProfile With(TrafficProfile profile, JsonObject body, bool merge)
        {
            var index = IndexOf(profile, kind, name);
            if (merge)
            {
                body = index < 0
                    ? throw ProfileErrors.EndpointNotFound(profile.Name, name)
                    : JsonMergePatch.Merge(writer.WriteEndpoint(profile, profile.Endpoints[index], default), body);
            }

            var existing = index < 0 ? null : profile.Endpoints[index];
            var (endpoint, priority) = endpoints.Read(new BodyReader(body, ""), kind, existing?.Name ?? name);
            endpoint = endpoint with
            {
                Priority = priority ?? existing?.Priority ?? profile.Endpoints.Select(each => each.Priority).DefaultIfEmpty(0).Max() + 1,
            };
            return ProfileRules.Check(profile with
            {
                Endpoints = index < 0 ? profile.Endpoints.Add(endpoint) : profile.Endpoints.SetItem(index, endpoint),
            });
        }
    }

    private JsonObject Write(TrafficProfile profile) => writer.Write(profile, monitor.StatusesOf(profile));

    /// <summary>Stands in for monitor states where the reader passes over them: the monitor must not be asked while profiles are locked.</summary>
    private static EndpointMonitorStatus[] Unread(TrafficProfile profile) => new EndpointMonitorStatus[profile.Endpoints.Length];

    private JsonObject? WriteEndpoint(TrafficProfile profile, EndpointKind kind, string name)
    {
        var index = IndexOf(profile, kind, name);
        return index < 0 ? null : writer.WriteEndpoint(profile, profile.Endpoints[index], monitor.StatusesOf(profile)[index]);
    }

    private static int IndexOf(TrafficProfile profile, EndpointKind kind, string name)
    {
        var match = profile.Endpoints.FirstOrDefault(each => each.Kind == kind && ArmRouter.Is(each.Name, name));
        return match is null ? -1 : profile.Endpoints.IndexOf(match);
    }
}
