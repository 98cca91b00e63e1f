namespace DrFunctions.Simulator;

/// <summary>How Resource Manager behaves.</summary>
public sealed record ScenarioResourceManager
{
    /// <summary>Whether callers that ask too often are refused with 429; default true.</summary>
    public bool Throttling { get; init; } = true;

    /// <summary>Factor on the sizes and rates of the throttling buckets: above 0, at most 1000; default 1.</summary>
    public double ThrottlingScale { get; init; } = 1;

    /// <summary>Items on one page of a list: 1 to 1000; default 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>Retry-After while an operation runs, 0 to 600 s; absent, the header is absent, as in recorded exchanges.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>How long every operation takes, 0 to 86400 s; absent, each type has its own default.</summary>
    public double? OperationSeconds { get; init; }

    /// <summary>How long operations of a name take, 0 to 86400 s each, such as <c>ReadReplicaSiteSwapManagementOperation</c>; goes before <see cref="OperationSeconds"/>.</summary>
    public IReadOnlyDictionary<string, double> OperationSecondsByName { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether the URLs to poll are signed, long and refused when changed, as the services make them now; default true.</summary>
    public bool SignedPollUrls { get; init; } = true;
}
