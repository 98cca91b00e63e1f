using System.Net;
using System.Net.Sockets;
using System.Text;
using DrFunctions.App.Deployments;

namespace DrFunctions.App.Shutdown;

public sealed class SignalTests
{
    private const string HoldsHub = "This host holds task hub";
    private const string Stopping = "Application is shutting down";

    [Fact]
    public async Task Terminate_WhileARequestIsUnderWay_HandsTheHubOverEndsTheRequestAndEndsWith0_AndTwiceEndsAtOnce()
    {
        var storage = await StorageSlot.TakeAsync();
        await using var first = AppProcess.Start(storage);
        await first.SaysAsync(HoldsHub);
        await using var second = AppProcess.Start(storage);
        await second.SaysAsync("Another host holds task hub");

        using var request = await SlowRequest.BeginAsync(first.Address);
        first.Terminate();

        await second.SaysAsync(HoldsHub);
        Assert.False(first.HasExited);
        Assert.Equal("HTTP/1.1 400 Bad Request", await request.EndAsync());
        await first.EndedAsync();
        Assert.Equal(0, first.ExitCode);

        using var other = await SlowRequest.BeginAsync(second.Address);
        second.Terminate();
        await second.SaysAsync(Stopping);
        Assert.False(second.HasExited);
        second.Terminate();
        await second.EndedAsync();
        Assert.Equal(128 + 15, second.ExitCode);
        Assert.True(second.HasSaid("A second signal came"));
    }

    /// <summary>A request whose body comes slowly: the function that reads it is under way until it has come.</summary>
    private sealed class SlowRequest : IDisposable
    {
        private readonly TcpClient _client = new();

        public static async Task<SlowRequest> BeginAsync(Uri address)
        {
            var request = new SlowRequest();
            await request._client.ConnectAsync(IPAddress.Loopback, address.Port);
            await request.SendAsync(
                $"PUT /api/plans/slow HTTP/1.1\r\nHost: {address.Authority}\r\nx-functions-key: {AppProcess.FunctionKey}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            Assert.Equal("HTTP/1.1 100 Continue", await request.LineAsync()); // The function has begun to read.
            await request.LineAsync();
            return request;
        }

        /// <summary>Sends the rest, and gives back the answer's first line.</summary>
        public async Task<string> EndAsync()
        {
            await SendAsync("plan");
            return await LineAsync();
        }

        public void Dispose() => _client.Dispose();

        private async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

        private async Task<string> LineAsync()
        {
            var line = new StringBuilder();
            var next = new byte[1];
            using var patience = new CancellationTokenSource(Eventually.Patience);
            while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            {
                await _client.GetStream().ReadExactlyAsync(next, patience.Token);
                line.Append((char)next[0]);
            }

            return line.ToString().TrimEnd();
        }
    }
}
