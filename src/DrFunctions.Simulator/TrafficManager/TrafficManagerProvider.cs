using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.TrafficManager.Routing;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Microsoft.Network/trafficManagerProfiles with their endpoints, name availability and the geography; all synchronous.</summary>
internal sealed class TrafficManagerProvider(
    ProfileStore profiles, TrafficMonitor monitor, ProfileReader reader, EndpointReader endpoints, ProfileWriter writer, Action reset)
    : IResourceProvider
{
    private static readonly string[] Versions =
        ["2024-04-01-preview", "2022-04-01", "2022-04-01-preview", "2018-08-01", "2018-04-01", "2018-03-01", "2018-02-01", "2017-05-01", "2017-03-01", "2015-11-01"];

    public string Namespace => "Microsoft.Network";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["trafficManagerProfiles"] = Versions,
        ["trafficManagerProfiles/azureEndpoints"] = Versions,
        ["trafficManagerProfiles/externalEndpoints"] = Versions,
        ["trafficManagerProfiles/nestedEndpoints"] = Versions,
        ["trafficManagerGeographicHierarchies"] = Versions,
        ["checkTrafficManagerNameAvailability"] = Versions,
        ["checkTrafficManagerNameAvailabilityV2"] = Versions,
    };

    public string RemainingHeader => "resource-requests";

    public IEnumerable<TrackedResource> Resources => profiles.All.Select(profile =>
        new TrackedResource(profile.ResourceGroup, ProfileWriter.ProfileType, profile.Name, "global")
        {
            State = MonitorStatus.OfProfile(profile.Enabled, monitor.StatusesOf(profile)).ToString(),
        });

    public void Reset() => reset();

    public void RemoveGroup(string resourceGroup)
    {
        foreach (var profile in profiles.All.Where(profile => ArmRouter.Is(profile.ResourceGroup, resourceGroup)))
        {
            profiles.Update(profile.ResourceGroup, profile.Name, _ => null);
        }
    }

    public ArmResponse Handle(ArmRequest request)
    {
        var response = request.Rest[0].ToUpperInvariant() switch
        {
            "TRAFFICMANAGERPROFILES" => HandleProfiles(request),
            "TRAFFICMANAGERGEOGRAPHICHIERARCHIES" => ReadGeography(request),
            _ => CheckName(request),
        };
        return response with { EscapesSlashes = true };
    }

    private ArmResponse HandleProfiles(ArmRequest request)
    {
        var (rest, group) = (request.Rest, request.Scope.ResourceGroup);
        if (rest.Count == 1)
        {
            return request.Method == "GET"
                ? ArmResponse.List(profiles.All.Where(profile => group is null || ArmRouter.Is(profile.ResourceGroup, group))
                    .Select(profile => writer.Write(profile, monitor.StatusesOf(profile), listed: true)))
                : throw request.MethodNotAllowed();
        }

        if (group is null)
        {
            throw new ArmRejection(404, "InvalidResourcePath", "A profile lies in a resource group; the path names none.");
        }

        return rest.Count switch
        {
            2 => HandleProfile(request, group, rest[1]),
            4 when EndpointReader.KindOf(rest[2]) is { } kind => HandleEndpoint(request, group, rest[1], kind, rest[3]),
            _ => throw new ArmRejection(404, "InvalidResourcePath", $"The simulator's profiles have nothing at '{string.Join('/', rest.Skip(2))}'."),
        };
    }

    private ArmResponse HandleProfile(ArmRequest request, string group, string name)
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
                    : reader.Read(Merge(writer.Write(existing, Unread(existing)), patch), group, existing.Name));
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

    private ArmResponse HandleEndpoint(ArmRequest request, string group, string profileName, EndpointKind kind, string name)
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
                    : Merge(writer.WriteEndpoint(profile, profile.Endpoints[index], default), body);
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

    private ArmResponse CheckName(ArmRequest request)
    {
        if (request.Method != "POST" || request.Rest.Count != 1)
        {
            throw request.MethodNotAllowed();
        }

        var name = new BodyReader(request.RequireBody(), "").RequiredText("name");
        var taken = profiles.TryFindByRelativeName(name, out _);
        return ArmResponse.Ok(new JsonObject
        {
            ["name"] = name,
            ["type"] = ProfileWriter.ProfileType,
            ["nameAvailable"] = !taken,
            ["reason"] = taken ? "AlreadyExists" : null,
            ["message"] = taken ? ProfileErrors.NameTakenMessage(name) : null,
        });
    }

    private static ArmResponse ReadGeography(ArmRequest request)
    {
        if (request.Method != "GET" || request.Rest is not [_, var name] || !ArmRouter.Is(name, "default"))
        {
            throw request.MethodNotAllowed();
        }

        return ArmResponse.Ok(new JsonObject
        {
            ["id"] = "/providers/Microsoft.Network/trafficManagerGeographicHierarchies/default",
            ["name"] = "default",
            ["type"] = "Microsoft.Network/trafficManagerGeographicHierarchies",
            ["properties"] = new JsonObject { ["geographicHierarchy"] = Place(Geography.World) },
        });

        static JsonObject Place(string code) => new()
        {
            ["code"] = code,
            ["name"] = Geography.NameOf(code),
            ["regions"] = new JsonArray([.. Geography.Inside(code).Select(Place)]),
        };
    }

    private TrafficProfile Find(string group, string name) => profiles.TryFind(group, name, out var profile)
        ? profile
        : throw ArmRejection.NotFound(ProfileWriter.ProfileType, name, group);

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

    /// <summary>JSON merge patch (RFC 7396): objects merge, null removes, everything else, arrays too, replaces.</summary>
    private static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        var merged = JsonNode.Parse(target.ToJsonString(), new JsonNodeOptions { PropertyNameCaseInsensitive = true })!.AsObject(); // an object
        Apply(merged, patch);
        return merged;

        static void Apply(JsonObject into, JsonObject from)
        {
            foreach (var (name, value) in from)
            {
                if (value is JsonObject inner && into[name] is JsonObject existing)
                {
                    Apply(existing, inner);
                }
                else if (value is null)
                {
                    into.Remove(name);
                }
                else
                {
                    into[name] = value.DeepClone();
                }
            }
        }
    }
}
