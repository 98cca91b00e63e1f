using System.Net;
using System.Net.Sockets;
using DrFunctions.Cloud.Probes.Dns;
using DrFunctions.Recovery.Probes;

namespace DrFunctions.Cloud.Probes;

/// <summary>Asks each DNS server by itself. IPv4 only. Thread-safe.</summary>
/// <param name="resolvers">DNS servers; none for the machine's.</param>
/// <param name="time">Measures.</param>
public sealed class ResolverProbe(IReadOnlyList<IPEndPoint> resolvers, TimeProvider time) : IResolverProbe
{
    private readonly DnsClient _dns = new(time);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ResolverAnswer>> AskEachAsync(string host, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var servers = Resolvers.Of(resolvers);
        return servers.Count > 0
            ? await Task.WhenAll(servers.Select(server => AskAsync(server.ToString(), timeout, token => AskAsync(host, server, token), cancellationToken)))
            : [await AskAsync("system", timeout, token => AskSystemAsync(host, token), cancellationToken)];
    }

    private async Task<ResolverAnswer> AskAsync(
        string resolver,
        TimeSpan timeout,
        Func<CancellationToken, Task<(IReadOnlyList<string> Names, IPAddress? Address)>> ask,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var (names, address) = await ask(either.Token);
            return new ResolverAnswer(resolver, names, address, null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is DnsException or SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ResolverAnswer(
                resolver, [], null, e is DnsException ? e.Message : FormattableString.Invariant($"no DNS answer within {timeout.TotalSeconds:0.###} s"));
        }
    }

    private async Task<(IReadOnlyList<string> Names, IPAddress? Address)> AskAsync(string host, IPEndPoint server, CancellationToken cancellationToken)
    {
        var name = DnsQuestion.Normalize(host) ?? throw new DnsException($"'{host}' is no DNS name");
        var answer = await _dns.ResolveAsync(name, [server], cancellationToken);
        return (Aliases(answer.Names), answer.Addresses[0]);
    }

    private static async Task<(IReadOnlyList<string> Names, IPAddress? Address)> AskSystemAsync(string host, CancellationToken cancellationToken)
    {
        var entry = await System.Net.Dns.GetHostEntryAsync(host, AddressFamily.InterNetwork, cancellationToken);
        return ([entry.HostName], entry.AddressList.FirstOrDefault() ?? throw new DnsException($"the system has no IPv4 address for '{host}'"));
    }

    // As ProbeResult has them: the name asked for only when there is no other.
    private static IReadOnlyList<string> Aliases(IReadOnlyList<string> names) => names.Count > 1 ? [.. names.Skip(1)] : names;
}
