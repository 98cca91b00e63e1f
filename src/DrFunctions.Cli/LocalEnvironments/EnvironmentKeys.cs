using System.Security.Cryptography;
using DrFunctions.Recovery.People;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>The secrets of one local environment, made anew at every start.</summary>
/// <param name="Master">The host's master key.</param>
/// <param name="Function">The default function key.</param>
/// <param name="EventGrid">The system key of the Event Grid webhook.</param>
/// <param name="Person">The key of the person at this machine, with every role.</param>
/// <param name="Approver">The key of a second person, who may approve what the first one started.</param>
/// <param name="ResourceManagerToken">What the simulated Resource Manager accepts.</param>
/// <param name="RepositoryPassphrase">Opens the repository of the backups.</param>
internal sealed record EnvironmentKeys(
    string Master, string Function, string EventGrid, string Person, string Approver, string ResourceManagerToken, string RepositoryPassphrase)
{
    /// <summary>New random keys, safe in a URL.</summary>
    public static EnvironmentKeys Create() => new(Next(), Next(), Next(), PersonalKey(), PersonalKey(), Next(), Next());

    private static string PersonalKey()
    {
        using var random = RandomNumberGenerator.Create();
        return PersonalKeys.Create(random);
    }

    private static string Next() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
