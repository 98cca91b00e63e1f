using System.Globalization;
using System.Text;

namespace DrFunctions.Testing.Fuzzing;

/// <summary>A request before it is bytes; mutations change its parts.</summary>
internal sealed class RequestDraft
{
    public required FuzzTarget Target { get; init; }

    public required int Marker { get; init; }

    public string Method { get; set; } = "GET";

    public string Path { get; set; } = "/";

    public string Query { get; set; } = "";

    public string Version { get; set; } = "HTTP/1.1";

    public string? Key { get; set; }

    public List<string> Headers { get; } = [];

    public byte[] Body { get; set; } = [];

    /// <summary>What stands for the length; null for the right one.</summary>
    public IReadOnlyList<string>? Framing { get; set; }

    /// <summary>The body as it is framed; null for the body itself.</summary>
    public byte[]? Framed { get; set; }

    public bool IsCut { get; set; }

    /// <summary>Characters up to U+00FF are bytes of their own, so that anything can be said.</summary>
    public HostileRequest ToRequest()
    {
        var text = new StringBuilder();
        text.Append(Method).Append(' ').Append(Path).Append(Query.Length == 0 ? "" : "?" + Query).Append(' ').Append(Version).Append("\r\n");
        foreach (var header in Headers.Concat(Framing ?? Length()))
        {
            text.Append(header).Append("\r\n");
        }

        if (Key is not null)
        {
            text.Append("x-functions-key: ").Append(Key).Append("\r\n");
        }

        text.Append(HostileRequest.MarkerHeader).Append(": ").Append(Marker.ToString(CultureInfo.InvariantCulture)).Append("\r\n\r\n");
        return new HostileRequest(
            Marker, Target, Key is not null && Key == Target.Key, IsCut, [.. Encoding.Latin1.GetBytes(text.ToString()), .. Framed ?? Body]);
    }

    private IEnumerable<string> Length() => Body.Length == 0 && Target.Bodies.Count == 0 ? [] : [$"Content-Length: {Body.Length}"];
}
