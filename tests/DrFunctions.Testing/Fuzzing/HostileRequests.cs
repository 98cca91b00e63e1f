using System.Text;

namespace DrFunctions.Testing.Fuzzing;

/// <summary>Requests that are nearly good, or not at all: the same ones for the same seed.</summary>
public static class HostileRequests
{
    private static readonly string[] Words = ["a", "shop", "run-1", "0f8fad5b", "Über", "x.y", "7", "42"];

    /// <summary>An endless number of them; one in twenty is good.</summary>
    public static IEnumerable<HostileRequest> From(int seed, IReadOnlyList<FuzzTarget> targets)
    {
        var random = new Random(seed);
        for (var marker = 1; ; marker++)
        {
            yield return random.Next(50) == 0 ? Noise(marker, targets, random) : Mutated(marker, Mutations.Pick(targets, random), random);
        }
    }

    /// <summary>A good request for a target.</summary>
    public static HostileRequest Good(int marker, FuzzTarget target, int seed = 0) => Draft(marker, target, new Random(seed)).ToRequest();

    private static HostileRequest Mutated(int marker, FuzzTarget target, Random random)
    {
        var draft = Draft(marker, target, random);
        for (var count = random.Next(20) == 0 ? 0 : 1 + random.Next(3); count > 0; count--)
        {
            Mutations.Pick(Mutations.All, random)(draft, random);
        }

        return draft.ToRequest();
    }

    private static RequestDraft Draft(int marker, FuzzTarget target, Random random)
    {
        var draft = new RequestDraft
        {
            Target = target,
            Marker = marker,
            Method = target.Method,
            Path = target.Path.Replace("{id}", Uri.EscapeDataString(Mutations.Pick(Words, random)), StringComparison.Ordinal),
            Query = target.Query,
            Key = target.Key,
            Body = target.Bodies.Count == 0 ? [] : Encoding.UTF8.GetBytes(Mutations.Pick(target.Bodies, random)),
        };
        draft.Headers.AddRange(["Host: localhost", "Connection: close", "Content-Type: application/json", .. target.Headers]);
        return draft;
    }

    // What is no HTTP at all.
    private static HostileRequest Noise(int marker, IReadOnlyList<FuzzTarget> targets, Random random)
    {
        byte[] bytes = random.Next(4) switch
        {
            0 => [.. "GET /\r\n"u8],
            1 => [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03],
            2 => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8],
            _ => Random(random),
        };
        return new HostileRequest(marker, targets[0], HasKey: false, IsCut: true, bytes);
    }

    private static byte[] Random(Random random)
    {
        var bytes = new byte[1 + random.Next(300)];
        random.NextBytes(bytes);
        return bytes;
    }
}
