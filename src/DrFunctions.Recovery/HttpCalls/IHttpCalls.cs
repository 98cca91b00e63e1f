using System.Net;

namespace DrFunctions.Recovery.HttpCalls;

/// <summary>Calls services that a plan allows. Thread-safe.</summary>
public interface IHttpCalls
{
    /// <summary>
    /// Sends one request to an address that its host's name has now, checked before the connection is made and not asked for again.
    /// Follows no redirect, uses no proxy, keeps no cookie; reads at most <see cref="HttpCall.LongestAnswer"/> of the answer.
    /// </summary>
    /// <param name="call">What to send.</param>
    /// <param name="host">The host as the plan allows it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="RecoveryException">
    /// An address is not allowed (<c>AddressNotAllowed</c>), a setting is missing (<c>SettingMissing</c>) or cannot be a header's value
    /// (<c>SettingUnusable</c>); or, transient, nobody answered (<c>CallUnanswered</c>): whether it had an effect is then unknown.
    /// </exception>
    Task<HttpCallAnswer> SendAsync(HttpCall call, AllowedHost host, CancellationToken cancellationToken);
}

/// <summary>A request.</summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Url">An http or https URL without user and fragment.</param>
/// <param name="Headers">Names of headers, and of the app settings that hold their values.</param>
/// <param name="PlainHeaders">Names and values of headers that are no secrets.</param>
/// <param name="Body">Text, or null for none.</param>
/// <param name="ContentType">The body's type.</param>
/// <param name="Timeout">For name, connection and answer together.</param>
public sealed record HttpCall(
    string Method,
    Uri Url,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> PlainHeaders,
    string? Body,
    string ContentType,
    TimeSpan Timeout)
{
    /// <summary>64 KiB.</summary>
    public const int LongestAnswer = 64 * 1024;
}

/// <summary>An answer.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Address">Who answered.</param>
/// <param name="Bytes">How much of the body was read.</param>
/// <param name="IsCut">True when there was more.</param>
public sealed record HttpCallAnswer(int Status, IPAddress Address, int Bytes, bool IsCut);

/// <summary>A host that steps may call.</summary>
/// <param name="Host">Its name or address, as a URL has it.</param>
/// <param name="IsPrivate">Whether it may have an address that is not public.</param>
public sealed record AllowedHost(string Host, bool IsPrivate)
{
    /// <summary>Whether a URL is of this host.</summary>
    public bool IsOf(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return string.Equals(Host.TrimEnd('.'), url.IdnHost.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
    }
}
