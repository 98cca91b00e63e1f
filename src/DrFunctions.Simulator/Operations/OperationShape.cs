using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Operations;

/// <summary>How one provider speaks of its asynchronous operations; they differ in nearly everything.</summary>
internal sealed record OperationShape
{
    /// <summary>Path and own query of the Azure-AsyncOperation URL; null when the provider has none.</summary>
    public Func<OperationPlace, string>? StatusUrl { get; init; }

    /// <summary>Path and own query of the Location URL; null when the provider has none.</summary>
    public Func<OperationPlace, string>? ResultUrl { get; init; }

    /// <summary>The body that comes with the 202; null for none.</summary>
    public Func<Operation, JsonObject?> Accepted { get; init; } = _ => null;

    /// <summary>The body of the Azure-AsyncOperation URL; an error is added when there is one.</summary>
    public Func<Operation, JsonObject> Status { get; init; } = OperationBodies.NameStatusStart;

    /// <summary>The names of being under way, each for an equal part of the duration.</summary>
    public IReadOnlyList<string> Running { get; init; } = ["InProgress"];

    /// <summary>Headers of the 202 beside the two URLs.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The refusal of a second write while an operation runs on the resource of that name.</summary>
    public required Func<string, ArmRejection> Busy { get; init; }
}

/// <summary>What the URLs of an operation are made of.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Resource">Id of the resource it works on.</param>
/// <param name="Location">The region it runs in.</param>
/// <param name="Id">Its own id.</param>
internal sealed record OperationPlace(string Subscription, string Resource, string Location, string Id)
{
    /// <summary>A URL below the provider's location.</summary>
    public string InLocation(string provider, string segment) =>
        $"/subscriptions/{Subscription}/providers/{provider}/locations/{Uri.EscapeDataString(Location)}/{segment}/{Id}";

    /// <summary>A URL below the resource.</summary>
    public string InResource(string segment) => $"{Resource}/{segment}/{Id}";
}
