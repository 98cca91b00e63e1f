using System.Text.RegularExpressions;

namespace DrFunctions.Recovery.Workloads;

/// <summary>Names of workloads, stores, policies and runbooks: they become keys of documents and parts of ids.</summary>
public static partial class WorkloadName
{
    /// <summary>1 to 40 of a-z, 0-9 and '-', beginning with a letter.</summary>
    public static bool IsValid(string? name) => name is not null && Shape().IsMatch(name);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
