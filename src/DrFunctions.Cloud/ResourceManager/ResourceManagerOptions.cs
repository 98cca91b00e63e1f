namespace DrFunctions.Cloud.ResourceManager;

/// <summary>How Resource Manager is reached.</summary>
public sealed record ResourceManagerOptions
{
    /// <summary>Azure's public endpoint.</summary>
    public static Uri PublicEndpoint { get; } = new("https://management.azure.com");

    /// <summary>The endpoint, https. Default the public one.</summary>
    public Uri Endpoint { get; init; } = PublicEndpoint;

    /// <summary>
    /// SHA-256 thumbprint, 64 hexadecimal digits, of the one certificate to trust; null, the default, for the machine's trust.
    /// Only with a loopback endpoint.
    /// </summary>
    public string? Thumbprint { get; init; }

    /// <summary>A fixed bearer token instead of the app's identity. Only with a loopback endpoint.</summary>
    public string? Token { get; init; }

    /// <summary>How long one attempt may take. Default 20 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a call may take, all attempts and waits together. Default 90 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Attempts after the first, when the service is busy or does not answer. Default 3.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The wait before the first repetition, doubled with each, when the service names none. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest <c>Retry-After</c> that a call waits out by itself; a longer one fails the call, so that the caller decides.
    /// Default 30 s.
    /// </summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Every mistake in the options, in words; empty when there is none.</summary>
    public IEnumerable<string> Mistakes()
    {
        // Without user information, which may hold a secret.
        var shown = Endpoint.IsAbsoluteUri ? Endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : Endpoint.OriginalString;
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme != Uri.UriSchemeHttps || Endpoint.UserInfo.Length > 0)
        {
            yield return $"the endpoint '{shown}' must be an https URL without user information; tokens are sent over TLS only";
            yield break;
        }

        if (Thumbprint is not null && !Endpoint.IsLoopback)
        {
            yield return $"a thumbprint is for a simulator on this machine, and '{shown}' is not a loopback address";
        }

        if (Token is not null && !Endpoint.IsLoopback)
        {
            yield return $"a fixed token is for a simulator on this machine, and '{shown}' is not a loopback address";
        }

        if (Thumbprint is not null && (Thumbprint.Length != 64 || !Thumbprint.All(char.IsAsciiHexDigit)))
        {
            yield return $"the thumbprint '{Thumbprint}' must be 64 hexadecimal digits, the SHA-256 of the certificate";
        }
    }
}
