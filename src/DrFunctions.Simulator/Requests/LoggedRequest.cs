namespace DrFunctions.Simulator.Requests;

/// <summary>One request that some wire of the simulator received, or one probe that it made.</summary>
public sealed record LoggedRequest
{
    /// <summary><c>resource-manager</c>, <c>dns</c>, <c>web/{region}</c> or <c>probe/{profile}/{endpoint}</c>.</summary>
    public required string Wire { get; init; }

    /// <summary>Its number on its wire, from 1, in the order of the answers.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it arrived, by the simulator's clock, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How long it took until it was answered or given up, by the simulator's clock.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The HTTP method; of DNS the type asked for, such as <c>A</c>; of a TCP probe <c>CONNECT</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The host that a web request or a probe is for; null elsewhere.</summary>
    public string? Host { get; init; }

    /// <summary>The path without the query; of DNS the name asked for.</summary>
    public required string Path { get; init; }

    /// <summary>The api-version that a request to Resource Manager named; null for none.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Octets of the body.</summary>
    public long BodyBytes { get; init; }

    /// <summary>SHA-256 of the body in lower-case hex; null when there is none.</summary>
    public string? BodySha256 { get; init; }

    /// <summary>The HTTP status or the DNS response code answered; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Of DNS the records answered, of a probe what it found; null elsewhere.</summary>
    public string? Answer { get; init; }

    /// <summary>The id of the fault that struck it; null for none.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether it is a probe that Traffic Manager made.</summary>
    public bool Probe { get; init; }
}
