namespace DrFunctions.Simulator;

/// <summary>A key vault of the scenario: its keys wrap and unwrap over the wire, at its region's address.</summary>
public sealed record ScenarioKeyVault
{
    /// <summary>Its name, unique in the cloud: 3 to 24 letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Its region; while that is dark, so is the vault.</summary>
    public required string Region { get; init; }

    /// <summary>The names of the keys that it has from the start, each an RSA key of 2,048 bits.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
}
