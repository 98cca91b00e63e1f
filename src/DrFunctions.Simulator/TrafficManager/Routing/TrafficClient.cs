using System.Net;

namespace DrFunctions.Simulator.TrafficManager.Routing;

/// <summary>Whom a DNS query is answered for.</summary>
/// <param name="Place">Where the client is, as a geography code.</param>
/// <param name="Address">Its address, or the first of the network that it is in.</param>
internal sealed record TrafficClient(string Place, IPAddress Address);
