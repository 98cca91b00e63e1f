using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>A running environment as people read it.</summary>
internal static class StageText
{
    /// <summary>Writes the URLs and how to go on.</summary>
    public static void Show(LocalEnvironment environment, Output output)
    {
        output.Say("");
        output.Say($"  function app      http://127.0.0.1:{environment.Ports.App}/api (its keys are in {Output.Text(environment.State.Descriptor)})");
        output.Say($"  Resource Manager  {environment.Simulator.ResourceManager}");
        output.Say($"  DNS               {environment.Simulator.Dns}");
        output.Say($"  web, primary      http://{LocalCloud.PrimaryAddress}:{environment.Ports.Web}/");
        output.Say($"  web, secondary    http://{LocalCloud.SecondaryAddress}:{environment.Ports.Web}/");
        output.Say($"  simulator         {environment.Simulator.Control}");
        output.Say($"  storage           {environment.Primary.BlobEndpoint}  {environment.Secondary.BlobEndpoint}  {environment.Control.BlobEndpoint}");
        output.Say($"  logs              {Output.Text(environment.State.Logs)}");
        output.Say("");
        output.Say("  In another shell, same directory: dr plan show shop; dr run start shop failover --watch; dr run list shop");
        output.Say("  Ctrl+C stops everything.");
    }

    /// <summary>Waits until Ctrl+C or SIGTERM.</summary>
    public static async Task WaitForCancelAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // asked for, and so a success
        }
    }
}
