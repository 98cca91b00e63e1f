using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime;

/// <summary>Which app this is: hosts with the same id share keys and timers.</summary>
/// <param name="HostId">Lower-case letters, digits and dashes, up to 32.</param>
/// <param name="InstanceId">This process, drawn at random.</param>
internal sealed record HostIdentity(string HostId, string InstanceId)
{
    /// <summary>The official host's setting for its id.</summary>
    public const string Setting = "AzureFunctionsWebHost:hostid";

    private const int Longest = 32;

    /// <summary>The id of the setting, else one of the app's name.</summary>
    public static HostIdentity From(IConfiguration configuration, string applicationName)
    {
        var id = new StringBuilder();
        foreach (var character in (configuration[Setting] ?? applicationName).ToLowerInvariant())
        {
            id.Append(char.IsAsciiLetterOrDigit(character) ? character : '-');
        }

        return new HostIdentity(id.ToString(0, Math.Min(id.Length, Longest)).Trim('-'), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
    }
}
