using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.HttpCalls;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads which hosts steps may call.</summary>
internal static class HttpSection
{
    public static IReadOnlyList<AllowedHost> Read(Field? field)
    {
        var names = new UniqueNames();
        var hosts = new List<AllowedHost>();
        foreach (var item in field?.Map(PlanKeys.HttpCalls)?["allow"]?.List() ?? [])
        {
            if (item.Map(PlanKeys.AllowedHost) is not { } fields)
            {
                continue;
            }

            var host = Names.Host(fields["host"]);
            names.Add(host?.ToLowerInvariant(), fields["host"]);
            var isPrivate = fields["private"] is { } written ? written.Boolean() : false;
            if (host is not null && isPrivate is not null)
            {
                hosts.Add(new AllowedHost(host, isPrivate.Value));
            }
        }

        return hosts;
    }
}
