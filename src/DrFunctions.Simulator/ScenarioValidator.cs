namespace DrFunctions.Simulator;

internal static class ScenarioValidator
{
    public static List<string> Check(Scenario scenario) => [];
}
