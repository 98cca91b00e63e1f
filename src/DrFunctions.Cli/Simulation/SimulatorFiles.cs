using DrFunctions.Simulator;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Cli.Simulation;

/// <summary>The simulator's files, with their mistakes as <c>file:line:column</c>.</summary>
internal static class SimulatorFiles
{
    /// <exception cref="CliException">It cannot be read or has mistakes.</exception>
    public static Scenario ReadScenario(string path)
    {
        try
        {
            return Scenario.Load(path);
        }
        catch (ScenarioException failure)
        {
            throw Describe(path, "scenario", failure.Mistakes, failure);
        }
    }

    /// <exception cref="CliException">It cannot be read or has mistakes.</exception>
    public static FaultScript ReadFaults(string path)
    {
        try
        {
            return FaultScript.Load(path);
        }
        catch (FaultException failure)
        {
            throw Describe(path, "faults", failure.Mistakes, failure);
        }
    }

    private static CliException Describe(string path, string schema, IReadOnlyList<Mistake> mistakes, Exception failure) => new(
        "BadInput",
        mistakes is [{ Line: null } only] ? only.Message : $"{path} has {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")}.",
        $"Correct the file; dr sim schema {schema} prints what it may hold.",
        failure)
    {
        Details = mistakes is [{ Line: null }] ? [] : [.. mistakes.Select(mistake => $"{path}:{mistake.Line}:{mistake.Column} {(mistake with { Line = null })}")],
    };
}
