using System.Net;
using System.Net.Sockets;
using System.Text;
using DrFunctions.Cloud.HttpCalls;
using DrFunctions.Recovery;
using DrFunctions.Recovery.HttpCalls;

namespace DrFunctions.Cloud.Tests.HttpCalls;

/// <summary>Over the wire, to a server of a few lines.</summary>
public sealed class HttpCallsAdapterTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    [Fact]
    public async Task Call_OfAPrivateHost_SendsHeadersFromSettingsAndTheBody()
    {
        await using var server = new RawServer(Ok);

        var answer = await Adapter(server).SendAsync(Call(server), Private, default);

        Assert.Equal(new HttpCallAnswer(200, IPAddress.Loopback, 2, IsCut: false), answer);
        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /moved HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer s3cret\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key: run-1-3\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"Host: hooks.example.org:{server.Port}\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{\"a\":1}", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OfAPublicHostWithAPrivateAddress_IsRefusedBeforeAConnection()
    {
        await using var server = new RawServer(Ok);

        var refusal = await Assert.ThrowsAsync<RecoveryException>(() => Adapter(server).SendAsync(Call(server), Private with { IsPrivate = false }, default));

        Assert.Equal(("AddressNotAllowed", false), (refusal.Code, refusal.IsTransient));
        Assert.Empty(server.Requests);
    }

    /// <summary>A name with a good address and a bad one would let whoever owns it choose.</summary>
    [Fact]
    public async Task Call_OfANameWithOneForbiddenAddress_IsRefused()
    {
        await using var server = new RawServer(Ok);
        var adapter = new HttpCallsAdapter(_ => "x", (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("169.254.169.254")]), TimeProvider.System);

        var refusal = await Assert.ThrowsAsync<RecoveryException>(() => adapter.SendAsync(Call(server), Private, default));

        Assert.Equal("AddressNotAllowed", refusal.Code);
        Assert.Empty(server.Requests);
    }

    /// <summary>The name is asked for once, and what it answers then is what is connected to.</summary>
    [Fact]
    public async Task Call_OfANameThatAnswersOtherwiseTheSecondTime_NeverAsksASecondTime()
    {
        await using var server = new RawServer(Ok);
        var asked = 0;
        var adapter = new HttpCallsAdapter(
            _ => "x", (_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2")]), TimeProvider.System);

        var answer = await adapter.SendAsync(Call(server), Private, default);

        Assert.Equal((1, IPAddress.Loopback), (asked, answer.Address));
    }

    [Fact]
    public async Task Call_AnsweredByARedirect_DoesNotFollowIt()
    {
        await using var server = new RawServer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");

        var answer = await Adapter(server).SendAsync(Call(server), Private, default);

        Assert.Equal(302, answer.Status);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Call_AnsweredWithoutEnd_ReadsNoMoreThanTheLimit()
    {
        await using var server = new RawServer($"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n{new string('x', 200_000)}");

        var answer = await Adapter(server).SendAsync(Call(server), Private, default);

        Assert.Equal((HttpCall.LongestAnswer, true), (answer.Bytes, answer.IsCut));
    }

    [Fact]
    public async Task Call_ThatIsClosedWithoutAnAnswer_IsNotRepeatedAndTransient()
    {
        await using var server = new RawServer("");

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Adapter(server).SendAsync(Call(server), Private, default));

        Assert.Equal(("CallUnanswered", true), (failure.Code, failure.IsTransient));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(null, "SettingMissing")]
    [InlineData("", "SettingMissing")]
    [InlineData("s3cret\r\nHost: evil", "SettingUnusable")]
    public async Task Call_WithAnUnusableSetting_NamesTheSettingAndNeverItsValue(string? value, string code)
    {
        await using var server = new RawServer(Ok);
        var adapter = new HttpCallsAdapter(_ => value, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => adapter.SendAsync(Call(server), Private, default));

        Assert.Equal(code, failure.Code);
        Assert.Contains("HOOK_TOKEN", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static AllowedHost Private { get; } = new("hooks.example.org", IsPrivate: true);

    private static HttpCall Call(RawServer server) => new(
        "POST",
        new Uri($"http://hooks.example.org:{server.Port}/moved"),
        new Dictionary<string, string> { ["Authorization"] = "HOOK_TOKEN" },
        new Dictionary<string, string> { ["Idempotency-Key"] = "run-1-3" },
        "{\"a\":1}",
        "application/json",
        TimeSpan.FromSeconds(60));

    private static HttpCallsAdapter Adapter(RawServer server) => new(
        name => name == "HOOK_TOKEN" ? "Bearer s3cret" : null, (_, _) => Task.FromResult<IPAddress[]>([server.Address]), TimeProvider.System);

    /// <summary>Answers each connection with the same bytes, and closes it.</summary>
    private sealed class RawServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;
        private readonly byte[] _answer;

        public RawServer(string answer)
        {
            _answer = Encoding.ASCII.GetBytes(answer);
            _listener.Start();
            _serving = ServeAsync();
        }

        public List<string> Requests { get; } = [];

        public IPAddress Address { get; } = IPAddress.Loopback;

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _serving;
            _stop.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var socket = await _listener.AcceptSocketAsync(_stop.Token);
                    await using var stream = new NetworkStream(socket);
                    Requests.Add(await ReadAsync(stream, _stop.Token));
                    await stream.WriteAsync(_answer, _stop.Token);
                }
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // Stopped, or the client has read enough.
            }
        }

        private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
        {
            var text = new StringBuilder();
            var buffer = new byte[4096];
            while (!text.ToString().EndsWith("{\"a\":1}", StringComparison.Ordinal))
            {
                var read = await stream.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                {
                    break;
                }

                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }

            return text.ToString();
        }
    }
}
