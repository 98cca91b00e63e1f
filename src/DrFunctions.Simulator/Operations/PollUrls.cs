using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DrFunctions.Simulator.Operations;

/// <summary>Makes the absolute URLs that clients poll: signed as the real ones are, about 3.5 kB long.</summary>
internal sealed class PollUrls(string secret, bool signed)
{
    private const int CertificateBytes = 1950;
    private const int SignatureBytes = 256;
    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    /// <summary>The URL of a path that may have a query of its own.</summary>
    public string Make(string authority, string pathAndQuery, string apiVersion, DateTimeOffset now)
    {
        var url = pathAndQuery + (pathAndQuery.Contains('?') ? '&' : '?') + "api-version=" + apiVersion;
        if (signed)
        {
            url += string.Create(CultureInfo.InvariantCulture, $"&t={now.UtcTicks}&c={Filler("certificate", CertificateBytes)}");
            url += $"&s={Filler(url, SignatureBytes)}&h={Filler(url + "hash", HMACSHA256.HashSizeInBytes)}";
        }

        return new Uri(authority + url).AbsoluteUri;
    }

    /// <summary>Octets that depend on the text, in Base64Url.</summary>
    private string Filler(string text, int bytes)
    {
        var octets = new byte[bytes];
        for (var at = 0; at < bytes; at += HMACSHA256.HashSizeInBytes)
        {
            var block = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at}:{text}")));
            block.AsSpan(0, Math.Min(block.Length, bytes - at)).CopyTo(octets.AsSpan(at));
        }

        return Base64Url.EncodeToString(octets);
    }
}
