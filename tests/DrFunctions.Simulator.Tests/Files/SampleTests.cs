using DrFunctions.Simulator.Faults;
using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests.Files;

/// <summary>The samples that users begin with.</summary>
public class SampleTests
{
    public static TheoryData<string> Scenarios => [.. Names("scenarios")];

    public static TheoryData<string> FaultScripts => [.. Names("faults")];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Scenario_OfTheSamples_StartsAndComesOnline(string name)
    {
        await using var simulation = await Simulation.StartAsync(Scenario.Load(RepositoryRoot.Combine("samples", "scenarios", name)));

        var state = await simulation.Control.GetStateAsync();

        foreach (var endpoint in state.Profiles.SelectMany(profile => profile.Endpoints).Where(endpoint => endpoint.Child is null && endpoint.MonitorStatus != "Stopped"))
        {
            await simulation.UntilAsync(endpoint.Name, each => each.MonitorStatus == "Online");
        }
    }

    [Theory]
    [MemberData(nameof(FaultScripts))]
    public async Task FaultScript_OfTheSamples_IsTakenByASimulator(string name)
    {
        var script = FaultScript.Load(RepositoryRoot.Combine("samples", "faults", name));

        await using var simulation = await Simulation.StartAsync(faults: script.Faults);

        Assert.Equal(script.Faults.Select(fault => fault.Id), (await simulation.Control.GetFaultsAsync()).Select(state => state.Id));
    }

    [Fact]
    public void Schemas_OfTheDocuments_AreThoseOfTheProgram()
    {
        Assert.Equal(File.ReadAllText(RepositoryRoot.Combine("docs", "scenario.schema.json")), Scenario.Schema);
        Assert.Equal(File.ReadAllText(RepositoryRoot.Combine("docs", "faults.schema.json")), FaultScript.Schema);
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(RepositoryRoot.Combine("samples", folder), "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
