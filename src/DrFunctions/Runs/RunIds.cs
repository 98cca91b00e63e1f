using System.Globalization;
using System.Security.Cryptography;

namespace DrFunctions.App.Runs;

/// <summary>Ids for runs started by hand: the workload, the time, and enough randomness for two starts at once.</summary>
public sealed class RunIds(RandomNumberGenerator randomness)
{
    public string Next(string workload, DateTimeOffset now)
    {
        var bytes = new byte[4];
        randomness.GetBytes(bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{workload}-{now.UtcDateTime:yyyyMMddHHmmss}-{Convert.ToHexStringLower(bytes)}");
    }
}
