using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.RestoreTests;

/// <summary>Which restore test.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Policy">The policy whose restore points are tested.</param>
/// <param name="Occurrence">The occurrence of the test's schedule.</param>
/// <param name="Attempt">Number of the attempt, from 1.</param>
/// <param name="PlanVersion">The plan it is done by.</param>
/// <param name="Region">The standby's role when it began: its repository is read, and its account restored to.</param>
public sealed record RestoreTestInput(
    string Workload, string Policy, DateTimeOffset Occurrence, int Attempt, string PlanVersion, RegionRole Region)
{
    /// <summary>The orchestration's instance id.</summary>
    public string InstanceId => $"restoretest-{Digest(Workload, Policy)}_{Name}";

    /// <summary>The occurrence as <c>yyyyMMddTHHmmZ</c>; <c>-002</c> and so on for further attempts. Sorts by time.</summary>
    public string Name => Attempt == 1 ? Time : string.Create(CultureInfo.InvariantCulture, $"{Time}-{Attempt:D3}");

    /// <summary>What restore points are drawn by: the same for each attempt.</summary>
    public string Seed => $"{Workload}/{Policy}/{Time}";

    /// <summary>The mark of the test's scratch containers.</summary>
    public string Owner => $"{Workload}/{Policy}/{Name}";

    /// <summary>Whether a mark is of an earlier test of the policy, or of an earlier attempt.</summary>
    public bool IsOfAnother(string owner) => owner.StartsWith($"{Workload}/{Policy}/", StringComparison.Ordinal) && owner != Owner;

    private string Time => Occurrence.UtcDateTime.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture);

    /// <summary>The scratch container of a restore point, one for each: names are taken for a while after a container is removed.</summary>
    /// <param name="point">Number of the restore point in the test.</param>
    public string Scratch(int point) => string.Create(
        CultureInfo.InvariantCulture, $"{ScratchContainers.Prefix}{Name.ToLowerInvariant()}-{Digest(Workload, Policy)[..24]}-{point}");

    private static string Digest(string workload, string policy) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{workload}/{policy}")))[..40];
}
