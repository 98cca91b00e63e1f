using System.Net;
using System.Net.Sockets;
using DrFunctions.Cli.LocalEnvironments;

namespace DrFunctions.Cli.Tests.LocalEnvironments;

public sealed class LocalPortsTests
{
    [Fact]
    public void EnsureFree_WithAPortInUse_NamesPortPurposeAndRemedy()
    {
        var ports = FreePorts.Next();
        using var taken = new TcpListener(IPAddress.Loopback, ports.SecondaryStorage);
        taken.Start();

        var failure = Assert.Throws<CliException>(() => ports.EnsureFree([IPAddress.Loopback]));

        Assert.Equal(ExitCodes.Machine, ExitCodes.Of(failure));
        Assert.StartsWith(
            $"Port {ports.SecondaryStorage} on 127.0.0.1, needed for the secondary region's storage (Azurite), cannot be opened: ",
            failure.Message, StringComparison.Ordinal);
        Assert.Contains($"--port-base {ports.Base + 1000}", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void EnsureFree_WithTheDnsPortInUse_NamesIt()
    {
        var ports = FreePorts.Next();
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, ports.Dns));

        var failure = Assert.Throws<CliException>(() => ports.EnsureFree([IPAddress.Loopback]));

        Assert.Contains($"Port {ports.Dns} on 127.0.0.1, needed for the simulated DNS", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(65_400)]
    public void EnsureFree_WithABaseWithoutRoom_IsBadInput(int portBase)
    {
        var failure = Assert.Throws<CliException>(() => new LocalPorts(portBase).EnsureFree([]));

        Assert.Equal($"--port-base is {portBase}; expected 1024 to 65000.", failure.Message);
    }
}
