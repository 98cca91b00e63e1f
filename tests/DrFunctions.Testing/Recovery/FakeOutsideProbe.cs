using System.Net;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>Sees what a user sees of the other fakes: DNS follows the profile, and a site answers while it runs in a region that is not dark.</summary>
public sealed class FakeOutsideProbe(Interception interception, WorkloadPlan plan, FakeTrafficManager traffic, FakeWebApps webApps) : IOutsideProbe, IResolverProbe
{
    /// <summary>Regions that do not answer.</summary>
    public HashSet<RegionRole> Dark { get; } = [];

    /// <summary>Ports that accept no connection.</summary>
    public HashSet<int> ClosedPorts { get; } = [];

    /// <summary>How many further answers a resolver gives from its cache: the endpoint of this role.</summary>
    public (RegionRole Role, int Answers) Cached { get; set; }

    /// <summary>When set, what every site answers.</summary>
    public int? Status { get; set; }

    /// <summary>What every site's answer holds.</summary>
    public string Body { get; set; } = "";
    /// <summary>Resolvers besides the usual one, and what each answers; null for silence.</summary>
    public Dictionary<string, RegionRole?> Others { get; } = [];

    public Task<IReadOnlyList<ResolverAnswer>> AskEachAsync(string host, TimeSpan timeout, CancellationToken cancellationToken) =>
        interception.CallAsync<IReadOnlyList<ResolverAnswer>>($"AskEach {host}", () =>
        [
            Answer("resolver", Resolve()),
            .. Others.Select(other => Answer(other.Key, other.Value is { } role ? plan.RegionOf(role).Health.Host : null)),
        ]);

    private static ResolverAnswer Answer(string resolver, string? name) => name is null
        ? new ResolverAnswer(resolver, [], null, "no DNS answer")
        : new ResolverAnswer(resolver, [name, "stamp.azurewebsites.windows.net"], IPAddress.Loopback, null);

    public Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellationToken) => interception.CallAsync($"Probe {url.Host}", () =>
    {
        var host = url.Host == traffic.Profile.Fqdn ? Resolve() : url.Host;
        var result = new ProbeResult(url, null, null, null, null, TimeSpan.FromMilliseconds(12), null);
        if (host is null)
        {
            return result with { Failure = $"DNS says that '{url.Host}' does not exist" };
        }

        // As on Azure: a site's name is itself an alias.
        result = result with { CanonicalName = "stamp.azurewebsites.windows.net", Names = [host, "stamp.azurewebsites.windows.net"], Address = IPAddress.Loopback };
        var role = host == plan.Primary.Health.Host ? RegionRole.Primary : RegionRole.Secondary;
        return Dark.Contains(role)
            ? result with { Failure = "connection refused" }
            : result with { Status = Status ?? (webApps.States.GetValueOrDefault(plan.RegionOf(role).WebApp) == "Running" ? 200 : 403), Body = Body };
    });

    public Task<ProbeResult> ConnectAsync(Uri target, TimeSpan timeout, CancellationToken cancellationToken) => interception.CallAsync($"Connect {target.Authority}", () =>
    {
        var result = new ProbeResult(target, target.Host, IPAddress.Loopback, null, null, TimeSpan.FromMilliseconds(3), null);
        return ClosedPorts.Contains(target.Port) ? result with { Failure = "connection refused" } : result with { IsConnected = true };
    });

    private string? Resolve()
    {
        if (Cached is { Answers: > 0 } cached)
        {
            Cached = cached with { Answers = cached.Answers - 1 };
            return plan.RegionOf(cached.Role).Health.Host;
        }

        return traffic.Served?.Target;
    }
}
