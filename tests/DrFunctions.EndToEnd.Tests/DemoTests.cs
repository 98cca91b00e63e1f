using System.Net;
using DrFunctions.Cli;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Testing.Files;

namespace DrFunctions.EndToEnd.Tests;

/// <summary>The first command of the README, as a process would run it.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Demo_FailsWithKeep_LeavesEverythingRunningUntilCtrlCAndThenExitsWithTheFailuresCode()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var control = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        using var folder = new TemporaryFolder();
        await using var said = new StringWriter();
        var guard = TextWriter.Synchronized(said); // it locks itself
        string Said()
        {
            lock (guard)
            {
                return said.ToString();
            }
        }

        var host = new CliHost
        {
            Out = guard,
            Error = guard,
            Variable = name => name == "DR_TOOLS" ? RepositoryRoot.Combine(".dr", "tools") : Environment.GetEnvironmentVariable(name),
        };
        var ports = Stage.FreePorts();
        var state = StateDirectory.At(Path.Combine(folder.Path, "state"));
        string[] line = ["demo", "--keep", "--size", "0", "--state", state.Path, "--port-base", $"{ports.Base}"];
        var demo = DrCommandLine.RunAsync(line, host, control.Token);
        while (!Said().Contains("Ctrl+C stops everything.", StringComparison.Ordinal))
        {
            Assert.False(demo.IsCompleted, Said());
            await Task.Delay(50, patience.Token);
        }

        using var browser = new HttpClient();
        using var health = await browser.GetAsync(new Uri($"http://127.0.0.1:{ports.App}/api/health"), patience.Token);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Contains("error: --size is 0; expected 1 to 100000 megabytes.", Said(), StringComparison.Ordinal);
        await control.CancelAsync();

        Assert.Equal(ExitCodes.BadInput, await demo);
        Assert.False(File.Exists(state.Descriptor));
        await Assert.ThrowsAsync<HttpRequestException>(() => browser.GetAsync(new Uri($"http://127.0.0.1:{ports.App}/api/health"), patience.Token));
    }
}
