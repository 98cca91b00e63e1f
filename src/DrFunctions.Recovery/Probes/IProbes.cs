using System.Net;

namespace DrFunctions.Recovery.Probes;

/// <summary>Looks at the workload from outside, as a user would. Never throws for a target that does not answer.</summary>
public interface IOutsideProbe
{
    /// <summary>
    /// Resolves the URL's host by DNS at the configured resolvers (never from a cache) and sends one GET to the address found.
    /// </summary>
    /// <param name="url">An http or https URL.</param>
    /// <param name="timeout">For DNS and answer together.</param>
    /// <param name="cancellationToken">Stops the probe; the only way it throws.</param>
    Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Resolves the host likewise and opens a TCP connection to the address found, sends nothing and closes it.</summary>
    /// <param name="target"><c>tcp://host:port</c>.</param>
    /// <param name="timeout">For DNS and connection together.</param>
    /// <param name="cancellationToken">Stops the probe; the only way it throws.</param>
    Task<ProbeResult> ConnectAsync(Uri target, TimeSpan timeout, CancellationToken cancellationToken);
}

/// <summary>What a probe saw.</summary>
/// <param name="Url">What was asked.</param>
/// <param name="CanonicalName">The last name of the CNAME chain, without the trailing dot; null when DNS did not answer.</param>
/// <param name="Address">The address asked; null when DNS did not answer.</param>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="Body">The first 4 KiB of the answer's body as text; null when there was no answer.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Failure">Why there was no answer, in words; null when there was one.</param>
public sealed record ProbeResult(
    Uri Url, string? CanonicalName, IPAddress? Address, int? Status, string? Body, TimeSpan Elapsed, string? Failure)
{
    /// <summary>
    /// The names that DNS led through, from the first alias to <see cref="CanonicalName"/>, without trailing dots. Web apps are
    /// aliases themselves, so the name asked for may be in the middle.
    /// </summary>
    public IReadOnlyList<string> Names
    {
        get => field ?? (CanonicalName is null ? [] : [CanonicalName]);
        init;
    }

    /// <summary>True when nothing but a connection was asked for, and it was accepted.</summary>
    public bool IsConnected { get; init; }

    /// <summary>True when the answer was 200, or the connection that was asked for was accepted.</summary>
    public bool IsHealthy => IsConnected || Status == 200;

    /// <summary>What the answer says of the target.</summary>
    public ProbeFinding Finding => IsHealthy ? ProbeFinding.Healthy
        : Address is null || Status is >= 300 and < 400 ? ProbeFinding.Unknown
        : ProbeFinding.Dead;

    /// <summary>The result in a few words, such as <c>200 in 12 ms</c> or <c>connection refused</c>.</summary>
    public string Summary => IsConnected ? FormattableString.Invariant($"connected in {Elapsed.TotalMilliseconds:0} ms")
        : Status is { } status ? FormattableString.Invariant($"{status} in {Elapsed.TotalMilliseconds:0} ms")
        : Failure ?? "no answer";
}

/// <summary>What a probe's answer says of its target.</summary>
public enum ProbeFinding
{
    /// <summary>
    /// Nothing: DNS gave no address, so that the probe and not the target may be at fault; or the target sends elsewhere, where the
    /// probe does not follow.
    /// </summary>
    Unknown,

    /// <summary>It answered 200, or accepted the connection that was asked for.</summary>
    Healthy,

    /// <summary>It was asked and did not answer, or not well.</summary>
    Dead,
}
