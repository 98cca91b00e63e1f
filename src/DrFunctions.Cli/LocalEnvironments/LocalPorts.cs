using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>Where everything of a local environment listens, counted from one base.</summary>
/// <param name="Base">1024 to 65000; default 17000.</param>
internal sealed record LocalPorts(int Base)
{
    /// <summary>The base that <c>--port-base</c> changes.</summary>
    public const int DefaultBase = 17000;

    /// <summary>The function app.</summary>
    public int App => Base + 71;

    /// <summary>The simulator's Resource Manager (HTTPS).</summary>
    public int ResourceManager => Base + 43;

    /// <summary>The simulator's DNS (UDP).</summary>
    public int Dns => Base + 53;

    /// <summary>The web endpoints of all simulated regions, each on an address of its own.</summary>
    public int Web => Base + 80;

    /// <summary>The simulator's control API: faults and region dark.</summary>
    public int SimulatorControl => Base + 90;

    /// <summary>Storage of the primary region.</summary>
    public int PrimaryStorage => Base + 100;

    /// <summary>Storage of the secondary region.</summary>
    public int SecondaryStorage => Base + 200;

    /// <summary>Storage of the control region.</summary>
    public int ControlStorage => Base + 300;

    /// <summary>Checks that every port is free.</summary>
    /// <param name="regions">The addresses that the simulated regions answer at.</param>
    /// <exception cref="CliException">One is taken, or the base leaves no room; the message names port, purpose and remedy.</exception>
    public void EnsureFree(IEnumerable<IPAddress> regions)
    {
        if (Base is < 1024 or > 65000)
        {
            throw new CliException("BadInput", $"--port-base is {Base}; expected 1024 to 65000.", "Choose another base, such as 17000.");
        }

        (int Port, string Purpose, SocketType Type, IPAddress Address)[] wanted =
        [
            (App, "the function app", SocketType.Stream, IPAddress.Loopback),
            (ResourceManager, "the simulated Resource Manager", SocketType.Stream, IPAddress.Loopback),
            (Dns, "the simulated DNS", SocketType.Dgram, IPAddress.Loopback),
            .. regions.Select(address => (Web, "a simulated region's web endpoint", SocketType.Stream, address)),
            (SimulatorControl, "the simulator's control API", SocketType.Stream, IPAddress.Loopback),
            (PrimaryStorage, "the primary region's storage (Azurite)", SocketType.Stream, IPAddress.Loopback),
            (SecondaryStorage, "the secondary region's storage (Azurite)", SocketType.Stream, IPAddress.Loopback),
            (ControlStorage, "the control region's storage (Azurite)", SocketType.Stream, IPAddress.Loopback),
        ];
        foreach (var (port, purpose, type, address) in wanted)
        {
            EnsureFree(port, purpose, type, address);
        }
    }

    private void EnsureFree(int port, string purpose, SocketType type, IPAddress address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            if (type == SocketType.Stream)
            {
                socket.Listen(1);
            }
        }
        catch (SocketException failure)
        {
            var other = (Base + 1000).ToString(CultureInfo.InvariantCulture);
            throw new CliException("PortInUse",
                $"Port {port} on {address}, needed for {purpose}, cannot be opened: {failure.Message}.",
                $"Stop what listens there (ss -ltnup 'sport = :{port}' shows it) or choose other ports with --port-base {other}.",
                failure);
        }
    }
}
