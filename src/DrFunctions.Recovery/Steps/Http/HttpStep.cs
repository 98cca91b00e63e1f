using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Steps.Http;

/// <summary>Calls a service that the plan allows.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Url">What is called.</param>
public sealed record HttpStep(string Name, TimeSpan Timeout, string Method, Uri Url) : RunbookStep(Name, Timeout)
{
    /// <summary>Names of headers, and of the app settings that hold their values.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Text, or null for none.</summary>
    public string? Body { get; init; }

    /// <summary>The body's type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The statuses that are good, at least one.</summary>
    public IReadOnlyList<int> Expect { get; init; } = [200, 201, 202, 204];

    /// <summary>The header that carries the same key with each attempt.</summary>
    public string KeyHeader { get; init; } = "Idempotency-Key";

    /// <summary>Whether it only reads.</summary>
    public bool IsRead => Method is "GET" or "HEAD";

    /// <inheritdoc/>
    public bool Equals(HttpStep? other) => base.Equals(other)
        && (Method, Url, Body, ContentType, KeyHeader) == (other.Method, other.Url, other.Body, other.ContentType, other.KeyHeader)
        && Expect.SequenceEqual(other.Expect)
        && Headers.OrderBy(pair => pair.Key, StringComparer.Ordinal).SequenceEqual(other.Headers.OrderBy(pair => pair.Key, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Method, Url, Body);
}
