using System.Net.Security;
using System.Security.Cryptography;

namespace DrFunctions.Cloud.Transports;

/// <summary>A transport for a simulator on this machine.</summary>
internal static class PinnedCertificate
{
    /// <summary>A client that trusts one certificate and nothing else, speaks to no proxy and follows no redirect. It has no time limit of its own: pipelines have theirs.</summary>
    /// <param name="thumbprint">SHA-256, 64 hexadecimal digits.</param>
    public static HttpClient Client(string thumbprint)
    {
        var expected = Convert.FromHexString(thumbprint);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null
                    && CryptographicOperations.FixedTimeEquals(expected, certificate.GetCertHash(HashAlgorithmName.SHA256)),
            },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
