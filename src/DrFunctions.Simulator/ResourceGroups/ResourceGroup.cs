using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.ResourceGroups;

/// <summary>A resource group as it is now.</summary>
/// <param name="Name">Its name, in the casing it was created with.</param>
/// <param name="Location">Where its record lies.</param>
internal sealed record ResourceGroup(string Name, string Location)
{
    public JsonObject? Tags { get; init; }

    /// <summary>Whether it is being deleted with all that is in it.</summary>
    public bool Deleting { get; init; }
}
