using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace DrFunctions.Testing.Fuzzing;

/// <summary>What became of a request.</summary>
/// <param name="Request">The request.</param>
/// <param name="Status">The answer's status; null where the connection ended without one.</param>
/// <param name="Answer">The answer, as far as it was read.</param>
public sealed record HostileOutcome(HostileRequest Request, int? Status, string Answer);

/// <summary>Sends requests byte by byte as they are, each on a connection of its own.</summary>
public static class HostileClient
{
    private const int AtOnce = 8;
    private const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";

    // How long the client of a cut request waits for an answer before it hangs up.
    private static readonly TimeSpan HangUp = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends all, some at once.</summary>
    /// <exception cref="TimeoutException">A whole request got no answer.</exception>
    public static async Task<IReadOnlyCollection<HostileOutcome>> SendAsync(Uri address, IEnumerable<HostileRequest> requests)
    {
        var outcomes = new ConcurrentQueue<HostileOutcome>();
        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (request, cancellationToken) => outcomes.Enqueue(await SendAsync(address, request, cancellationToken)));
        return outcomes;
    }

    /// <summary>Sends one.</summary>
    /// <exception cref="TimeoutException">It is a whole request and got no answer.</exception>
    public static async Task<HostileOutcome> SendAsync(Uri address, HostileRequest request, CancellationToken cancellationToken = default)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var answer = new MemoryStream();
        try
        {
            await SendAllAsync(socket, request.Bytes, patience.Token);
            await ReadAsync(socket, answer, request, patience);
        }
        catch (SocketException)
        {
            // The server closed while it was sent to, or without reading the rest: it has said what it had to say.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No end of the answer within {Patience} to {request}");
        }

        var text = Encoding.Latin1.GetString(answer.ToArray());
        return new HostileOutcome(request, Status(text), text);
    }

    private static async Task SendAllAsync(Socket socket, byte[] bytes, CancellationToken cancellationToken)
    {
        for (ReadOnlyMemory<byte> rest = bytes; rest.Length > 0;)
        {
            rest = rest[await socket.SendAsync(rest, cancellationToken)..];
        }
    }

    private static async Task ReadAsync(Socket socket, MemoryStream answer, HostileRequest request, CancellationTokenSource patience)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = socket.ReceiveAsync(buffer, patience.Token).AsTask();
            if (request.IsCut && await Task.WhenAny(read, Task.Delay(HangUp, patience.Token)) != read)
            {
                socket.Close(0);
                await read.ContinueWith(task => task.Exception, TaskScheduler.Default);
                return;
            }

            var count = await read;
            if (count == 0 || HasEnded(answer, buffer.AsSpan(0, count), HasNoBody(request.Bytes)))
            {
                return;
            }
        }
    }

    private static bool HasNoBody(ReadOnlySpan<byte> request) => request.StartsWith("HEAD "u8) || request.StartsWith("CONNECT "u8);

    // A mutation may have taken "Connection: close" away, so that the answer's own length tells where it ends.
    private static bool HasEnded(MemoryStream answer, ReadOnlySpan<byte> more, bool hasNoBody)
    {
        answer.Write(more);
        var text = WithoutContinue(Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length));
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || hasNoBody || text.StartsWith("HTTP/1.1 204", StringComparison.Ordinal))
        {
            return end >= 0;
        }

        var head = text[..end];
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            return text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        }

        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return length is not null && text.Length - end - 4 >= int.Parse(length.AsSpan(16), CultureInfo.InvariantCulture);
    }

    private static int? Status(string answer)
    {
        var final = WithoutContinue(answer);
        return final.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && final.Length >= 12 ? int.Parse(final.AsSpan(9, 3), CultureInfo.InvariantCulture) : null;
    }

    private static string WithoutContinue(string answer) => answer.StartsWith(Continue, StringComparison.Ordinal) ? answer[Continue.Length..] : answer;
}
