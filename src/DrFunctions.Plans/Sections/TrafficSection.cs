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
        var endpoints = fields?["endpoints"]?.Map(PlanKeys.Endpoints);
        var primary = Names.Endpoint(endpoints?["primary"]);
        var secondary = Names.Endpoint(endpoints?["secondary"]);
        if (primary is not null && string.Equals(primary, secondary, StringComparison.OrdinalIgnoreCase))
        {
            endpoints?["secondary"]?.Report($"is '{secondary}', the primary's endpoint too; expected the secondary's own.");
        }

        return profile is null || check is null || primary is null || secondary is null
            ? null
            : new TrafficPlan(profile.Value, check, primary, secondary);
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
