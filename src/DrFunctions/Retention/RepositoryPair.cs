using System.Security.Cryptography;
using System.Text;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Retention;

/// <summary>The two repositories that hold the same: one in each region. Workloads whose plans name the same two are pruned together.</summary>
/// <param name="First">One, by its names before the other.</param>
/// <param name="Second">The other.</param>
public sealed record RepositoryPair(BlobContainer First, BlobContainer Second)
{
    /// <summary>Part of documents' keys and orchestrations' ids: 40 digits, the same for the same two.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Name(First)}\n{Name(Second)}")))[..40];

    /// <summary>The pair of a plan; null where it has no repositories.</summary>
    public static RepositoryPair? Of(WorkloadPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Primary.Repository is { } one && plan.Secondary.Repository is { } other
            ? string.CompareOrdinal(Name(one), Name(other)) <= 0 ? new RepositoryPair(one, other) : new RepositoryPair(other, one)
            : null;
    }

    /// <summary>For people and logs.</summary>
    public override string ToString() => $"{Name(First)} and {Name(Second)}";

    private static string Name(BlobContainer container) => $"{container.Connection}:{container.Container}";
}
