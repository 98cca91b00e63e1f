using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.TrafficManager.Routing;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Microsoft.Network/trafficManagerProfiles with their endpoints and heat maps, the user metrics key, name availability and the geography; all synchronous.</summary>
internal sealed class TrafficManagerProvider(
    ProfileStore profiles, TrafficMonitor monitor, ProfileApi api, ProfileWriter writer, TrafficView view, UserMetricsKey key, Action reset)
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
        ["trafficManagerProfiles/heatMaps"] = Versions,
        ["trafficManagerUserMetricsKeys"] = Versions,
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

    public void Reset()
    {
        reset();
        view.Reset();
        key.Reset();
    }

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
            "TRAFFICMANAGERUSERMETRICSKEYS" => key.Handle(request),
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
            2 => api.HandleProfile(request, group, rest[1]),
            4 when EndpointReader.KindOf(rest[2]) is { } kind => api.HandleEndpoint(request, group, rest[1], kind, rest[3]),
            4 when ArmRouter.Is(rest[2], "heatMaps") && ArmRouter.Is(rest[3], "default") => view.Handle(request, api.Find(group, rest[1])),
            _ => throw new ArmRejection(404, "InvalidResourcePath", $"The simulator's profiles have nothing at '{string.Join('/', rest.Skip(2))}'."),
        };
    }

    private ArmResponse CheckName(ArmRequest request)
    {
        if (request.Method != "POST" || request.Rest.Count != 1)
        {
            throw request.MethodNotAllowed();
        }

        if ((request.Scope.SubscriptionId is null) == request.Rest[0].EndsWith("V2", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArmRejection(404, "InvalidResourcePath", "checkTrafficManagerNameAvailability lies at the tenant, its V2 in a subscription.");
        }

        var name = ProfileReader.CheckRelativeName(new BodyReader(request.RequireBody(), "").RequiredText("name"), "name");
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
}
