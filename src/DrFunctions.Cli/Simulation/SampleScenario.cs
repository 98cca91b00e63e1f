using System.Reflection;
using DrFunctions.Simulator;

namespace DrFunctions.Cli.Simulation;

/// <summary>The scenario <c>samples/scenarios/two-regions.json</c>, which is simulated when none is named.</summary>
internal static class SampleScenario
{
    public static Scenario Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("samples/scenarios/two-regions.json")
            ?? throw new InvalidOperationException("The assembly lacks its resource samples/scenarios/two-regions.json.");
        using var reader = new StreamReader(stream);
        return Scenario.Parse(reader.ReadToEnd());
    }
}
