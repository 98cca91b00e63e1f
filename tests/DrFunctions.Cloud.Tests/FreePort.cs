using System.Net;
using System.Net.Sockets;

namespace DrFunctions.Cloud.Tests;

internal static class FreePort
{
    /// <summary>A port that nothing listens on.</summary>
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
