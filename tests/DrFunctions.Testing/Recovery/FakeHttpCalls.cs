using System.Net;
using DrFunctions.Recovery.HttpCalls;

namespace DrFunctions.Testing.Recovery;

/// <summary>A service that does a request's work once a key.</summary>
public sealed class FakeHttpCalls(Interception interception, List<string> effects) : IHttpCalls
{
    private readonly HashSet<string> _keys = [];

    /// <summary>What was sent, repetitions included.</summary>
    public List<(HttpCall Call, AllowedHost Host)> Sent { get; } = [];

    /// <summary>What the next requests are answered; then 200.</summary>
    public Queue<int> Statuses { get; } = [];

    public Task<HttpCallAnswer> SendAsync(HttpCall call, AllowedHost host, CancellationToken cancellationToken) =>
        interception.CallAsync($"{call.Method} {call.Url.Host}", () =>
        {
            Sent.Add((call, host));
            var status = Statuses.TryDequeue(out var next) ? next : 200;
            if (status < 300 && call.PlainHeaders.Values.All(_keys.Add) && call.PlainHeaders.Count > 0)
            {
                effects.Add($"{call.Method} {call.Url}");
            }

            return new HttpCallAnswer(status, IPAddress.Parse("20.0.0.1"), 2, IsCut: false);
        });
}
