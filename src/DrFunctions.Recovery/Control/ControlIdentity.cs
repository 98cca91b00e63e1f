using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Control;

/// <summary>Which of the two apps this one is.</summary>
/// <param name="Account">Its control account's address, which no other app has for its own.</param>
/// <param name="Region">Where it runs, for people.</param>
/// <param name="StandsBy">Whether the other app is in control until somebody takes over.</param>
/// <param name="Peer">The other app, to be stopped when it does not answer; null when Resource Manager does not know it.</param>
public sealed record ControlIdentity(string Account, string Region, bool StandsBy, ResourceId? Peer);
