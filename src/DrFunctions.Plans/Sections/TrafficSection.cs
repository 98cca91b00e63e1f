using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads how users reach the workload.</summary>
internal static class TrafficSection
{
    private const string ProfileType = "Microsoft.Network/trafficManagerProfiles";

    public static TrafficPlan? Read(Field? field, RegionsSection regions)
    {
        var fields = field?.Map(PlanKeys.Traffic);
        var profile = fields?["profile"]?.Resource(ProfileType);
        var check = ReadCheck(fields?["check"], regions);
        var (primary, secondary) = ReadEndpoints(fields?["endpoints"]);
        var nested = ReadNested(fields?["nested"], profile);
        return profile is null || check is null || primary is null || secondary is null
            ? null
            : new TrafficPlan(profile.Value, check, primary, secondary) { Nested = nested };
    }

    private static (string? Primary, string? Secondary) ReadEndpoints(Field? field)
    {
        var endpoints = field?.Map(PlanKeys.Endpoints);
        var primary = Names.Endpoint(endpoints?["primary"]);
        var secondary = Names.Endpoint(endpoints?["secondary"]);
        if (primary is not null && string.Equals(primary, secondary, StringComparison.OrdinalIgnoreCase))
        {
            endpoints?["secondary"]?.Report($"is '{secondary}', the primary's endpoint too; expected the secondary's own.");
        }

        return (primary, secondary);
    }

    private static List<NestedProfile> ReadNested(Field? field, ResourceId? parent)
    {
        var names = new UniqueNames();
        var taken = parent is { } whole ? new HashSet<ResourceId> { whole } : [];
        var found = new List<NestedProfile>();
        foreach (var item in field?.List() ?? [])
        {
            if (item.Map(PlanKeys.Nested) is not { } fields)
            {
                continue;
            }

            var name = Names.Name(fields["name"]);
            names.Add(name, fields["name"]);
            var profile = fields["profile"]?.Resource(ProfileType);
            if (profile is { } id && !taken.Add(id))
            {
                fields["profile"]?.Report($"is '{id.Name}', which the plan has already; expected a profile of its own.");
            }

            var (primary, secondary) = ReadEndpoints(fields["endpoints"]);
            if (name is not null && profile is not null && primary is not null && secondary is not null)
            {
                found.Add(new NestedProfile(name, new TrafficRoute(profile.Value, primary, secondary)));
            }
        }

        return found;
    }

    private static Uri? ReadCheck(Field? field, RegionsSection regions)
    {
        if (field?.Url() is not { } check)
        {
            return null;
        }

        if (check.HostNameType != UriHostNameType.Dns)
        {
            return field.Refuse<Uri>(check.OriginalString, "a URL with the name that users resolve, not an address");
        }

        foreach (var region in new[] { regions.Primary, regions.Secondary }.OfType<Region>())
        {
            if (check.Authority == region.Health.Authority)
            {
                return field.Refuse<Uri>(check.OriginalString, $"the name that users resolve, not {region.Name}'s own host");
            }
        }

        return check;
    }
}
