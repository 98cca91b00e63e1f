using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Sites;

/// <summary>Microsoft.Web/sites/config: <c>web</c>, and <c>appsettings</c>, which only its list action shows.</summary>
internal sealed class SiteConfiguration(SiteStore sites)
{
    public ArmResponse Handle(ArmRequest request, Site site)
    {
        var child = request.Rest.Count > 3 ? request.Rest[3].ToLowerInvariant() : "";
        var members = SiteReader.Members(request.Body ?? []);
        switch (request.Rest.Count, child, request.Method)
        {
            case (4, "web", "GET"):
                return Web(site, request);
            case (4, "web", "PUT" or "PATCH"):
                _ = request.RequireBody();
                return Web(sites.Update(site.Name, (existing, now) => SiteReader.Configure(existing ?? site, members, "properties", now)), request);
            case (4, "appsettings", "PUT"):
                _ = request.RequireBody();
                return Settings(
                    sites.Update(site.Name, (existing, now) => (existing ?? site) with
                    {
                        Settings = SiteReader.Settings(members.Object("properties"), members.Copy("properties")),
                        LastModified = now,
                    }),
                    request);
            case (5, "appsettings", "POST") when ArmRouter.Is(request.Rest[4], "list"):
                return Settings(site, request);
            case (4, "web" or "appsettings", _):
                throw request.MethodNotAllowed();
            default:
                throw new ArmRejection(
                    404, "InvalidResourcePath", $"The simulator's sites have no configuration '{string.Join('/', request.Rest.Skip(3))}'; they have web, appsettings and appsettings/list.");
        }
    }

    private static ArmResponse Web(Site site, ArmRequest request) =>
        ArmResponse.Ok(SiteWriter.WriteChild(site, request.Scope, "web", SiteWriter.Configuration(site)));

    private static ArmResponse Settings(Site site, ArmRequest request)
    {
        var properties = new JsonObject();
        foreach (var (name, value) in site.Settings)
        {
            properties[name] = value;
        }

        return ArmResponse.Ok(SiteWriter.WriteChild(site, request.Scope, "appsettings", properties));
    }
}
