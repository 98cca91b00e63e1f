using System.Text;

namespace DrFunctions.Testing.Fuzzing;

/// <summary>Changes of a good request, drawn by a seeded source.</summary>
internal static class Mutations
{
    private static readonly string[] Methods =
        ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "G", "GET\t", new('M', 300), "\u00ff"];

    private static readonly string[] Versions = ["HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/9.9", "HTTP/1.", "", "http/1.1", "HTTP/1.1 extra"];

    public static readonly IReadOnlyList<Action<RequestDraft, Random>> All =
    [
        (draft, random) => draft.Method = Pick(Methods, random),
        ReplaceSegment,
        ReplaceSegment,
        AddSegment,
        EncodePath,
        SpoilPath,
        (draft, random) => draft.Query = Pick([draft.Query + "&" + Pick(HostileText.QueryMembers, random), Pick(HostileText.QueryMembers, random), draft.Query + "&" + draft.Query], random),
        (draft, random) => draft.Headers.Add(Pick(HostileText.Headers, random)),
        (draft, random) => draft.Headers.Add(Pick(HostileText.Headers, random)),
        (draft, random) => draft.Headers.RemoveAt(random.Next(draft.Headers.Count)),
        (draft, random) => draft.Key = Pick([null, "", "wrong", draft.Key + "x", new string('k', 4000)], random),
        (draft, random) => draft.Body = Pick(HostileText.Bodies, random),
        (draft, random) => draft.Body = Pick(HostileText.Bodies, random),
        FlipBytes,
        (draft, random) => draft.Body = draft.Body[..random.Next(draft.Body.Length + 1)],
        (draft, random) => draft.Version = Pick(Versions, random),
        MisstateLength,
        Chunk,
        (draft, random) => draft.Path = Pick(["http://other" + draft.Path, "*", "", "//" + draft.Path, draft.Path.ToUpperInvariant(), "other:80"], random),
    ];

    private static void ReplaceSegment(RequestDraft draft, Random random)
    {
        var segments = draft.Path.Split('/');
        segments[random.Next(segments.Length)] = Pick(HostileText.Segments, random);
        draft.Path = string.Join('/', segments);
    }

    private static void AddSegment(RequestDraft draft, Random random) =>
        draft.Path = $"{draft.Path}/{Pick(HostileText.Segments, random)}";

    private static void EncodePath(RequestDraft draft, Random random) => draft.Path = string.Concat(
        draft.Path.Select(character => random.Next(5) == 0 && character != '/' ? $"%{(int)character & 0xFF:x2}" : character.ToString()));

    private static void SpoilPath(RequestDraft draft, Random random)
    {
        var at = random.Next(draft.Path.Length + 1);
        draft.Path = draft.Path[..at] + (char)random.Next(1, 256) + draft.Path[at..];
    }

    private static void FlipBytes(RequestDraft draft, Random random)
    {
        var body = (byte[])draft.Body.Clone();
        for (var i = random.Next(4); i >= 0 && body.Length > 0; i--)
        {
            body[random.Next(body.Length)] = (byte)random.Next(256);
        }

        draft.Body = body;
    }

    private static void MisstateLength(RequestDraft draft, Random random)
    {
        var length = draft.Body.Length;
        draft.Framed = draft.Body;
        (draft.Framing, draft.IsCut) = Pick<(IReadOnlyList<string>?, bool)>(
            [
                ([$"Content-Length: {length + 1 + random.Next(1000)}"], true),
                (["Content-Length: 9223372036854775807"], true),
                (["Content-Length: 99999999999999999999"], false),
                ([$"Content-Length: {random.Next(length + 1)}"], false),
                (["Content-Length: -1"], false),
                (["Content-Length: +5"], false),
                (["Content-Length: 0x5"], false),
                (["Content-Length: "], false),
                ([$"Content-Length: {length}", $"Content-Length: {length + 1}"], false),
                ([$"Content-Length: {length}", $"Content-Length: {length}"], false),
                ([$"Content-Length: {length}", "Transfer-Encoding: chunked"], true),
                (["Transfer-Encoding: nothing"], false),
                (["Transfer-Encoding: gzip, chunked"], true),
                ([], false),
            ],
            random);
    }

    private static void Chunk(RequestDraft draft, Random random)
    {
        draft.Framing = ["Transfer-Encoding: chunked"];
        var cut = random.Next(draft.Body.Length + 1);
        var good = Chunked(draft.Body[..cut]).Concat(Chunked(draft.Body[cut..])).ToArray();
        (var tail, draft.IsCut) = Pick<(string, bool)>(
            [
                ("0\r\n\r\n", false),
                ("0\r\n\r\n", false),
                ("0\r\nTrailer: \u00ff\r\n\r\n", false),
                ("0;extension=\"x\r\n\r\n", true),
                ("", true),
                ("5\r\nab", true),
                ("-1\r\n\r\n", true),
                ("zz\r\n\r\n", true),
                ("FFFFFFFFFFFFFFFFFF\r\n\r\n", true),
                ("7fffffff\r\nx", true),
                ("0\n\n", true),
            ],
            random);
        draft.Framed = [.. good, .. Encoding.Latin1.GetBytes(tail)];
    }

    private static byte[] Chunked(byte[] part) => part.Length == 0 ? [] : [.. Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), .. part, .. "\r\n"u8];

    public static T Pick<T>(IReadOnlyList<T> from, Random random) => from[random.Next(from.Count)];
}
