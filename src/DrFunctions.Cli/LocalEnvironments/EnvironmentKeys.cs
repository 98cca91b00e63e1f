using System.Security.Cryptography;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>The secrets of one local environment, made anew at every start.</summary>
/// <param name="Master">The host's master key.</param>
/// <param name="Function">The default function key.</param>
/// <param name="EventGrid">The system key of the Event Grid webhook.</param>
/// <param name="ResourceManagerToken">What the simulated Resource Manager accepts.</param>
internal sealed record EnvironmentKeys(string Master, string Function, string EventGrid, string ResourceManagerToken)
{
    /// <summary>New random keys, safe in a URL.</summary>
    public static EnvironmentKeys Create() => new(Next(), Next(), Next(), Next());

    private static string Next() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
