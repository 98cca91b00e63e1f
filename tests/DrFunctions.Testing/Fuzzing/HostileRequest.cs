using System.Text;

namespace DrFunctions.Testing.Fuzzing;

/// <summary>One request as it goes over the wire.</summary>
/// <param name="Marker">Its number, also in the header <see cref="MarkerHeader"/> where the request has headers.</param>
/// <param name="Target">What it was made for.</param>
/// <param name="HasKey">Whether it carries the target's key, once and unharmed.</param>
/// <param name="IsCut">Whether it promises more than it sends: the server may wait for the rest, and the client hangs up.</param>
/// <param name="Bytes">The request.</param>
public sealed record HostileRequest(int Marker, FuzzTarget Target, bool HasKey, bool IsCut, byte[] Bytes)
{
    /// <summary>The header with the marker.</summary>
    public const string MarkerHeader = "x-fuzz";

    /// <summary>The beginning, readable.</summary>
    public override string ToString()
    {
        var text = Encoding.Latin1.GetString(Bytes, 0, Math.Min(Bytes.Length, 600));
        return $"#{Marker}{(IsCut ? " (cut)" : "")}: {text.Replace("\r\n", " ⏎ ", StringComparison.Ordinal)}";
    }
}
