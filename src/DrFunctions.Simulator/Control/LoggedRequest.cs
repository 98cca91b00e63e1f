namespace DrFunctions.Simulator.Control;

/// <summary>One request that Resource Manager received, as <c>GET /requests</c> lists it.</summary>
/// <param name="Time">When it was answered, UTC.</param>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path, without the query.</param>
/// <param name="Status">The status answered; null when the connection was closed without an answer.</param>
public sealed record LoggedRequest(DateTimeOffset Time, string Method, string Path, int? Status);
