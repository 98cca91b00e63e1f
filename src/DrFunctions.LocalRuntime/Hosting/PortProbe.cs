using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>
/// Looks whether an address is free before anything starts: a host that could not listen would already have taken up orchestrations.
/// What takes the port in between is still found by the server itself.
/// </summary>
internal static class PortProbe
{
    /// <summary>The first address that another process listens on; null where all are free.</summary>
    public static string? InUse(IEnumerable<string> addresses) => addresses.FirstOrDefault(IsInUse);

    private static bool IsInUse(string address)
    {
        var binding = BindingAddress.Parse(address);
        if (binding.Port == 0 || binding.IsUnixPipe || binding.IsNamedPipe)
        {
            return false;
        }

        var ip = IPAddress.TryParse(binding.Host.Trim('[', ']'), out var parsed) ? parsed
            : binding.Host == "localhost" ? IPAddress.Loopback
            : IPAddress.Any;
        using var listener = new TcpListener(ip, binding.Port);
        try
        {
            listener.Start();
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
        catch (SocketException)
        {
            // Not allowed, or not an address of this machine: the server says so itself.
            return false;
        }
    }
}
