using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>The regions that resources can lie in.</summary>
internal sealed class ArmLocations(IReadOnlyList<ScenarioRegion> regions)
{
    public IEnumerable<string> Names => regions.Select(region => region.Name);

    /// <summary>Whether two spellings, such as <c>West Europe</c> and <c>westeurope</c>, name one region.</summary>
    public static bool Same(string left, string right) => ArmRouter.Is(Normalize(left), Normalize(right));

    /// <summary>The region of a body's location, in the scenario's spelling.</summary>
    /// <exception cref="ArmRejection">It is missing or not one of the scenario's.</exception>
    public string Require(JsonObject body, string type) => body["location"] switch
    {
        null => throw ArmRejection.BadRequest("LocationRequired", "The location property is required for this definition."),
        JsonValue value when value.TryGetValue(out string? location) => Require(location, type),
        var other => throw ArmRejection.BadRequest("InvalidLocation", $"The location {other.ToJsonString()} is invalid: expected a string."),
    };

    /// <summary>The region of that name, in the scenario's spelling.</summary>
    /// <exception cref="ArmRejection">It is not one of the scenario's.</exception>
    public string Require(string location, string type) => Names.FirstOrDefault(name => Same(name, location))
        ?? throw ArmRejection.BadRequest(
            "LocationNotAvailableForResourceType",
            $"The provided location '{location}' is not available for resource type '{type}'. List of available regions for the resource type is '{string.Join(',', Names)}'.");

    /// <summary>The refusal to create a resource anew in another region.</summary>
    public static ArmRejection Moved(string name, string existing, string resourceGroup, string wanted) => new(
        409,
        "InvalidResourceLocation",
        $"The resource '{name}' already exists in location '{existing}' in resource group '{resourceGroup}'. A resource with the same name cannot be created in location '{wanted}'. Please select a new resource name.");

    private static string Normalize(string location) => location.Replace(" ", "", StringComparison.Ordinal);
}
