using System.Net;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Requests;

namespace DrFunctions.Simulator.Dns;

/// <summary>One query and its answer, with its scripted fault, written to the request log.</summary>
internal sealed class DnsExchange(IDnsZones zones, FaultSchedule faults, FaultDelay delay, RequestLog log, TimeProvider time)
{
    private readonly RememberedZones _remembered = new(zones);

    /// <summary>Null when nothing is to be answered.</summary>
    public async Task<byte[]?> AnswerAsync(byte[] octets, IPAddress source, bool udp, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var question = DnsReader.TryRead(octets, out var query) && query is { IsResponse: false, Questions: [var only] } ? only : null;
        var hit = question is null ? null : faults.Take(new FaultQuery(FaultTarget.Dns) { Name = question.Name.ToString() });
        byte[]? response = null;
        try
        {
            if (hit is null || await delay.PassAsync(hit, cancellationToken))
            {
                response = new DnsResponder(ZonesFor(hit)).Respond(octets, source, udp);
            }

            return response;
        }
        finally
        {
            if (question is not null)
            {
                Log(question, began, response, hit?.Id);
            }
        }
    }

    public void Forget() => _remembered.Forget();

    private IDnsZones ZonesFor(FaultHit? hit) => hit?.Fault.Kind switch
    {
        FaultKind.ServFail => FailingZones.Instance,
        FaultKind.Stale => _remembered.Stale,
        _ => _remembered,
    };

    private void Log(DnsQuestion question, DateTimeOffset began, byte[]? octets, string? fault)
    {
        var response = octets is not null && DnsReader.TryRead(octets, out var read) ? read : null;
        log.Add(new LoggedRequest
        {
            Wire = "dns",
            Sequence = 0,
            Time = began,
            Duration = time.GetUtcNow() - began,
            Method = question.Type.ToString().ToUpperInvariant(),
            Path = question.Name.ToString(),
            Status = (int?)response?.Code,
            Answer = response is null ? null : string.Join(' ', response.Answers.Select(Describe)),
            Fault = fault,
        });
    }

    private static string Describe(DnsRecord record) => record switch
    {
        DnsRecord.A a => a.Address.ToString(),
        DnsRecord.Aaaa aaaa => aaaa.Address.ToString(),
        DnsRecord.CName alias => alias.Target.ToString(),
        DnsRecord.Ns ns => ns.Server.ToString(),
        DnsRecord.Other other => other.Type.ToString().ToUpperInvariant(),
        _ => record.GetType().Name.ToUpperInvariant(),
    };

    private sealed class FailingZones : IDnsZones
    {
        public static readonly FailingZones Instance = new();

        public DnsAnswer Answer(DnsQuestion question, DnsClientSubnet client) => new(DnsCode.ServerFailure, [], null);
    }
}
