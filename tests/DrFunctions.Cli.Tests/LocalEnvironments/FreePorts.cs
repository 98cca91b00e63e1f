using System.Net;
using DrFunctions.Cli.LocalEnvironments;

namespace DrFunctions.Cli.Tests.LocalEnvironments;

/// <summary>Port bases that nothing uses, below the range that the kernel gives away.</summary>
internal static class FreePorts
{
    private static int s_next = 19_000 + (Environment.ProcessId % 20 * 500);

    public static LocalPorts Next()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var ports = new LocalPorts(Interlocked.Add(ref s_next, 400));
            try
            {
                ports.EnsureFree([IPAddress.Loopback, LocalCloud.PrimaryAddress, LocalCloud.SecondaryAddress]);
                return ports;
            }
            catch (CliException)
            {
                // taken by somebody else; the next base may be free
            }
        }

        throw new InvalidOperationException("No free ports were found.");
    }
}
