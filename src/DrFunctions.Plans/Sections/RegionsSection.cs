using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>The regions as far as they could be read.</summary>
internal sealed record RegionsSection(Region? Primary, Region? Secondary)
{
    private const string WebAppType = "Microsoft.Web/sites";

    private IReadOnlyList<Field> WithoutRepository { get; init; } = [];

    public static RegionsSection Read(Field? field)
    {
        if (field?.Map(PlanKeys.Regions) is not { } regions)
        {
            return new RegionsSection(null, null);
        }

        var primary = regions["primary"]?.Map(PlanKeys.Region);
        var secondary = regions["secondary"]?.Map(PlanKeys.Region);
        var section = new RegionsSection(ReadRegion(primary), ReadRegion(secondary))
        {
            WithoutRepository = [.. Choices.Roles.Keys.Select(role => regions[role]).OfType<Field>().Where(region => region.IsMap && region.Map()?["repository"] is null)],
        };
        if (section is { Primary: { } home, Secondary: { } other } && secondary is not null)
        {
            Different(secondary["name"], home.Name == other.Name, "is the primary region too; expected another region.");
            Different(secondary["webApp"], home.WebApp == other.WebApp, "is the primary's site too; expected the secondary's own.");
            Different(secondary["health"], home.Health == other.Health, "is the primary's URL too; expected the secondary's own.");
            Different(
                secondary["repository"],
                home.Repository is not null && home.Repository.Connection == other.Repository?.Connection,
                "has the primary's connection, and one account is lost with its region; expected an account of the secondary region.");
        }

        return section;
    }

    /// <summary>Reports each region that has no repository, for plans with data that is backed up.</summary>
    public void RequireRepositories()
    {
        foreach (var region in WithoutRepository)
        {
            region.Miss("repository", "repository is missing; 'region' needs it, because the plan has a store with containers.");
        }
    }

    private static Region? ReadRegion(FieldMap? fields)
    {
        var name = Names.Region(fields?["name"]);
        var webApp = fields?["webApp"]?.Resource(WebAppType);
        var health = fields?["health"]?.Url();
        var repository = ContainerSection.Read(fields?["repository"]);
        return name is null || webApp is null || health is null || (repository is null && fields?["repository"] is not null)
            ? null
            : new Region(name, webApp.Value, health, repository);
    }

    private static void Different(Field? field, bool same, string message)
    {
        if (same)
        {
            field?.Report(message);
        }
    }
}
