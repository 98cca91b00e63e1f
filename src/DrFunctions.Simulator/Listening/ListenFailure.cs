using System.Net;
using System.Net.Sockets;

namespace DrFunctions.Simulator.Listening;

/// <summary>Says in one sentence why a listener could not be started and what to do.</summary>
internal static class ListenFailure
{
    public static SimulatorStartException Describe(IPEndPoint at, string purpose, Exception cause)
    {
        var error = (cause as SocketException ?? cause.InnerException as SocketException ?? cause.InnerException?.InnerException as SocketException)?.SocketErrorCode;
        var reason = error switch
        {
            SocketError.AddressAlreadyInUse => "the port is in use. Stop the process that has it or choose another port (0 takes a free one)",
            SocketError.AddressNotAvailable =>
                "this machine does not have the address. Where only 127.0.0.1 exists (macOS), add it: sudo ifconfig lo0 alias " + at.Address,
            SocketError.AccessDenied => "this user may not open the port. Choose one above 1023 (0 takes a free one)",
            _ => IsInUse(cause) ? "the port is in use. Stop the process that has it or choose another port (0 takes a free one)" : cause.Message,
        };
        return new SimulatorStartException($"{purpose} cannot listen on {at}: {reason}.", cause);
    }

    public static bool IsInUse(Exception cause) =>
        cause is Microsoft.AspNetCore.Connections.AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
        || (cause.InnerException is { } inner && IsInUse(inner));
}
