using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace DrFunctions.Cloud.Probes.Dns;

/// <summary>
/// Asks resolvers for IPv4 addresses, over UDP and, when the answer does not fit, over TCP. Never remembers an answer.
/// Thread-safe.
/// </summary>
/// <param name="time">Measures the attempts.</param>
internal sealed class DnsClient(TimeProvider time)
{
    private const int LargestDatagram = 65535;

    /// <summary>How long one resolver is waited for before the next is asked.</summary>
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(2);

    /// <summary>Resolves a name, asking again where a chain of aliases goes on in another zone.</summary>
    /// <param name="name">As <see cref="DnsQuestion.Normalize"/> gives it.</param>
    /// <param name="resolvers">At least one; asked in turn until one answers.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>An answer with at least one address, and the whole chain of names that led to it.</returns>
    /// <exception cref="DnsException">No resolver gave an address.</exception>
    public async Task<DnsAnswer> ResolveAsync(string name, IReadOnlyList<IPEndPoint> resolvers, CancellationToken cancellationToken)
    {
        List<string> names = [name];
        for (var asked = 0; asked <= DnsAnswer.LongestChain; asked++)
        {
            var answer = await AskAnyAsync(name, resolvers, cancellationToken);
            names.AddRange(answer.Names.Skip(1));
            if (answer.Addresses.Count > 0)
            {
                return answer with { Names = names };
            }

            if (answer.CanonicalName == name)
            {
                throw new DnsException($"DNS has no IPv4 address for '{name}'");
            }

            name = answer.CanonicalName;
        }

        throw new DnsException($"DNS has a chain of more than {DnsAnswer.LongestChain} aliases");
    }

    private async Task<DnsAnswer> AskAnyAsync(string name, IReadOnlyList<IPEndPoint> resolvers, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        foreach (var resolver in resolvers)
        {
            using var limit = new CancellationTokenSource(s_attempt, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                var answer = await AskAsync(name, resolver, either.Token);
                switch (answer.Code)
                {
                    case 0:
                        return answer;
                    case DnsAnswer.NameError:
                        throw new DnsException($"DNS says that '{answer.CanonicalName}' does not exist");
                    default:
                        failures.Add($"{resolver} refused with code {answer.Code}");
                        break;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add($"{resolver} did not answer");
            }
            catch (DnsFormatException e)
            {
                failures.Add($"the answer of {resolver} is malformed: {e.Message}");
            }
            catch (SocketException e)
            {
                failures.Add($"{resolver} cannot be reached ({e.SocketErrorCode})");
            }
            catch (EndOfStreamException)
            {
                failures.Add($"{resolver} closed the connection");
            }
            catch (IOException)
            {
                failures.Add($"the connection to {resolver} broke");
            }
        }

        throw new DnsException($"no DNS answer for '{name}': {string.Join("; ", failures)}");
    }

    private static async Task<DnsAnswer> AskAsync(string name, IPEndPoint resolver, CancellationToken cancellationToken)
    {
        var question = new DnsQuestion(BinaryPrimitives.ReadUInt16LittleEndian(RandomNumberGenerator.GetBytes(2)), name);
        var answer = await AskByDatagramAsync(question, resolver, cancellationToken);
        return answer.IsTruncated ? await AskByStreamAsync(question, resolver, cancellationToken) : answer;
    }

    private static async Task<DnsAnswer> AskByDatagramAsync(DnsQuestion question, IPEndPoint resolver, CancellationToken cancellationToken)
    {
        // Connected: the system gives it a random port and drops what comes from anywhere but the resolver.
        using var socket = new Socket(resolver.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(resolver, cancellationToken);
        await socket.SendAsync(question.ToBytes(), cancellationToken);
        var buffer = new byte[LargestDatagram];
        DnsFormatException? strange = null;
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, cancellationToken);
                try
                {
                    return DnsAnswer.Parse(buffer.AsSpan(0, length), question);
                }
                catch (DnsFormatException e)
                {
                    // Forged or damaged; the true answer may still come.
                    strange = e;
                }
            }
        }
        catch (OperationCanceledException) when (strange is not null)
        {
            throw strange;
        }
    }

    private static async Task<DnsAnswer> AskByStreamAsync(DnsQuestion question, IPEndPoint resolver, CancellationToken cancellationToken)
    {
        using var socket = new Socket(resolver.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(resolver, cancellationToken);
        await using var stream = new NetworkStream(socket);
        var bytes = question.ToBytes();
        var framed = new byte[2 + bytes.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)bytes.Length);
        bytes.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, cancellationToken);
        var answer = DnsAnswer.Parse(message, question);
        return answer.IsTruncated ? throw new DnsFormatException("it is truncated over TCP, too") : answer;
    }
}
