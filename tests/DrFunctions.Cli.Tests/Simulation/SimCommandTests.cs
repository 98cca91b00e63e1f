using System.Text.Json;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Simulation;

public sealed class SimCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Sim_StartedAlone_IsFoundChangedAndStopped()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var running = DrCommandLine.RunAsync(
            ["sim", "start", "--port-base", "0", "--state", folder.Path, "--json"], new CliHost { Out = TextWriter.Synchronized(output), Error = error }, stop.Token);
        await UntilFoundAsync(folder.Path, running);

        Assert.Contains("StateInUse", (await Sim(folder, "start", "--port-base", "0", "--json")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, (await Sim(folder, "set", "region", "westeurope", "dark")).Code);
        Assert.Equal(ExitCodes.Success, (await Sim(folder, "set", "rm", "dark")).Code);
        Assert.Equal(ExitCodes.Success, (await Sim(folder, "set", "site", "shop-ne", "running")).Code);
        using (var state = JsonDocument.Parse((await Sim(folder, "state", "--json")).Output))
        {
            Assert.True(state.RootElement.GetProperty("regions")[0].GetProperty("dark").GetBoolean());
            Assert.True(state.RootElement.GetProperty("resourceManagerDark").GetBoolean());
            Assert.All(state.RootElement.GetProperty("sites").EnumerateArray(), site => Assert.Equal("Running", site.GetProperty("state").GetString()));
        }

        Assert.Contains("throttled", (await Sim(folder, "fault", "add", RepositoryRoot.Combine("samples", "faults", "flaky-resource-manager.json"))).Output, StringComparison.Ordinal);
        Assert.Contains("stop-lost", (await Sim(folder, "fault", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, (await Sim(folder, "fault", "remove", "stop-lost")).Code);
        var absent = await Sim(folder, "fault", "remove", "stop-lost");
        Assert.Equal(ExitCodes.NotFound, absent.Code);
        Assert.Contains("There is no fault 'stop-lost'.", absent.Error, StringComparison.Ordinal);
        Assert.Contains("There is no region 'mars'", (await Sim(folder, "set", "region", "mars", "dark")).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, (await Sim(folder, "reset")).Code);
        Assert.Contains("No faults.", (await Sim(folder, "fault", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, (await Sim(folder, "requests", "--probes")).Code);

        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Success, await running);
        Assert.Empty(error.ToString());
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
        Assert.Contains("\"event\":\"started\"", lines[0], StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Path, "simulator.json")));
        Assert.Equal(ExitCodes.Unreachable, (await Sim(folder, "state")).Code);
    }

    [Fact]
    public async Task Sim_FilesWithMistakes_TellsFileLineAndColumn()
    {
        using var folder = new TemporaryFolder();
        var scenario = Path.Combine(folder.Path, "scenario.json");
        var faults = Path.Combine(folder.Path, "faults.json");
        await File.WriteAllTextAsync(scenario, "{\n  \"subscriptionId\": 7\n}");
        await File.WriteAllTextAsync(faults, "{ \"faults\": [{ \"on\": \"dns\" }] }");

        var wrongScenario = await Sim(folder, "start", "--scenario", scenario);
        var wrongFaults = await Sim(folder, "start", "--faults", faults);

        Assert.Equal((ExitCodes.BadInput, ExitCodes.BadInput), (wrongScenario.Code, wrongFaults.Code));
        Assert.Contains($"{scenario}:2:21 subscriptionId: expected a text and found 7", wrongScenario.Error, StringComparison.Ordinal);
        Assert.Contains($"{faults}:1:14 faults[0]: expected the member 'kind' and found none", wrongFaults.Error, StringComparison.Ordinal);
        Assert.Contains("the file cannot be read", (await Sim(folder, "start", "--scenario", "/does/not/exist")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sim_Schema_IsTheDocument()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "scenario.schema.json")), (await Sim(folder, "schema")).Output);
        Assert.Equal(await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "faults.schema.json")), (await Sim(folder, "schema", "faults")).Output);
    }

    [Fact]
    public async Task Sim_KilledOne_IsUnreachableAndSaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "simulator.json"), """{ "schema": 1, "processId": 1, "control": "http://127.0.0.1:9" }""");

        var outcome = await Sim(folder, "state");

        Assert.Equal(ExitCodes.Unreachable, outcome.Code);
        Assert.Contains("dr sim start", outcome.Error, StringComparison.Ordinal);
    }

    private static Task<DrOutcome> Sim(TemporaryFolder folder, params string[] args) => Dr.RunAsync(["sim", .. args, "--state", folder.Path]);

    private static async Task UntilFoundAsync(string folder, Task<int> running)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!File.Exists(Path.Combine(folder, "simulator.json")))
        {
            Assert.False(running.IsCompleted, "the simulator ended");
            await Task.Delay(20, patience.Token);
        }
    }
}
