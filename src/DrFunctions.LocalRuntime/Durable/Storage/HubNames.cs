using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DrFunctions.LocalRuntime.Durable.Storage;

/// <summary>Where a hub's documents are.</summary>
internal static class HubNames
{
    /// <summary>The lease of the hub.</summary>
    public const string Lease = "lease";

    /// <summary>The prefix of all instances.</summary>
    public const string Instances = "instances/";

    /// <summary>The prefix of all messages.</summary>
    public const string Inbox = "inbox/";

    private const string Start = "start-";
    private const int LongestId = 100;
    private const string Forbidden = "/\\#?";
    private const int LongestEncodedId = 800;

    /// <summary>One instance: its state and its history.</summary>
    public static string Instance(string instanceId) => Instances + Encode(instanceId);

    /// <summary>The messages of one instance.</summary>
    public static string InboxOf(string instanceId) => $"{Inbox}{Encode(instanceId)}/";

    /// <summary>The notice that an execution was started by a process that does not hold the hub.</summary>
    public static string StartNotice(string instanceId, string executionId) => $"{InboxOf(instanceId)}{Start}{executionId}";

    /// <summary>Whether a message is the notice of a start.</summary>
    public static bool IsStartNotice(string message) =>
        message.AsSpan(message.LastIndexOf('/') + 1).StartsWith(Start, StringComparison.Ordinal);

    /// <summary>The large payloads and the sealed history of one execution.</summary>
    public static string DocumentsOf(string instanceId, string executionId) => $"payloads/{Encode(instanceId)}/{executionId}/";

    /// <summary>The same of the executions that a start has continued as new.</summary>
    public static string LaterDocumentsOf(string instanceId, string firstExecutionId) =>
        $"payloads/{Encode(instanceId)}/{firstExecutionId}-";

    /// <summary>A large payload, by its content.</summary>
    public static string Payload(string instanceId, string executionId, ReadOnlySpan<byte> content) =>
        DocumentsOf(instanceId, executionId) + Hash(content);

    /// <summary>A sealed part of the history, by its content.</summary>
    public static string SealedHistory(string instanceId, string executionId, ReadOnlySpan<byte> content) =>
        $"{DocumentsOf(instanceId, executionId)}history-{Hash(content)}";

    /// <summary>The instance id in an instance's document name.</summary>
    public static string InstanceIdOf(string documentName) => Decode(documentName[Instances.Length..]);

    /// <summary>
    /// Letters, digits and hyphens as they are, every other byte of the UTF-8 form as <c>_XX</c>: safe in a blob name and a
    /// header, case kept, and a prefix stays a prefix.
    /// </summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b == '-')
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"_{b:X2}");
            }
        }

        return encoded.ToString();
    }

    /// <summary>What <see cref="Encode"/> was given.</summary>
    public static string Decode(string encoded)
    {
        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '_')
            {
                bytes.Add(byte.Parse(encoded.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Add((byte)encoded[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Refuses what the official client refuses as an instance id: what runs here must run there.</summary>
    /// <exception cref="ArgumentException">
    /// It is empty, too long, starts with '@' (entities), or has '/', '\', '#', '?' or a control character.
    /// </exception>
    public static void ThrowIfNotAnInstanceId(string? instanceId, string parameter)
    {
        if (string.IsNullOrEmpty(instanceId)
            || instanceId.Length > LongestId
            || instanceId[0] == '@'
            || instanceId.AsSpan().ContainsAny(Forbidden)
            || instanceId.Any(char.IsControl)
            || Encode(instanceId).Length > LongestEncodedId)
        {
            throw new ArgumentException(
                $"Instance id '{instanceId}': expected 1 to {LongestId} characters, the first not '@', none of {Forbidden} and no control "
                + $"characters, and at most {LongestEncodedId} characters when escaped.",
                parameter);
        }
    }
}
