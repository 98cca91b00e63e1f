using System.Globalization;

namespace DrFunctions.Testing.Fuzzing;

/// <summary>How much is fuzzed: <c>DR_FUZZ_REQUESTS</c> and <c>DR_FUZZ_SEED</c> ask for more, or for other requests.</summary>
public static class FuzzSettings
{
    /// <summary>How many requests.</summary>
    public static int Requests(int usual) => Read("DR_FUZZ_REQUESTS", usual);

    /// <summary>The seed; also the default is always the same.</summary>
    public static int Seed => Read("DR_FUZZ_SEED", 20261122);

    private static int Read(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
