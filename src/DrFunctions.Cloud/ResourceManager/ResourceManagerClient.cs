using System.Net.Security;
using System.Security.Cryptography;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.ResourceManager;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>
/// Sends single requests about resources through Azure.ResourceManager: its identity, retries, throttling and tracing.
/// Thread-safe; one for the app's life.
/// </summary>
public sealed class ResourceManagerClient : IDisposable
{
    private readonly ResourceManagerOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient? _loopback;
    private readonly ArmClient _client;

    /// <summary>Prepares the client; nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">The options have a mistake; the message tells all of them.</exception>
    public ResourceManagerClient(ResourceManagerOptions options, TimeProvider time)
    {
        var mistakes = options.Mistakes().ToList();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", mistakes), nameof(options));
        }

        _options = options;
        _time = time;
        var clientOptions = new ArmClientOptions
        {
            Environment = EnvironmentOf(options.Endpoint),
            RetryPolicy = new BoundedRetryPolicy(options),
            Retry = { NetworkTimeout = options.AttemptTimeout },
        };
        if (options.Thumbprint is { } thumbprint)
        {
            _loopback = Trusting(thumbprint);
            clientOptions.Transport = new HttpClientTransport(_loopback);
        }

        TokenCredential credential = options.Token is { } token
            ? DelegatedTokenCredential.Create((_, _) => new AccessToken(token, DateTimeOffset.MaxValue))
            : new DefaultAzureCredential();
        _client = new ArmClient(credential, defaultSubscriptionId: null, clientOptions);
    }

    /// <inheritdoc/>
    public void Dispose() => _loopback?.Dispose();

    /// <summary>Sends one request and gives the answer's JSON, or <see cref="ResourceAnswer.Missing"/> for a 404.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="action">A POST action, or null for the resource itself.</param>
    /// <param name="apiVersion">The version of the resource type's contract.</param>
    /// <param name="body">JSON, or null for none.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <exception cref="Recovery.RecoveryException">Resource Manager refused or did not answer.</exception>
    internal async Task<ResourceAnswer> SendAsync(
        RequestMethod method, ResourceId resource, string? action, string apiVersion, BinaryData? body, CancellationToken cancellationToken)
    {
        var what = $"{method} {action ?? resource.Name} of '{resource}'";
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var target = new Target(_client, new ResourceIdentifier(resource.Value));
            using var message = target.Message(method, action, apiVersion, body);
            await target.SendAsync(message, either.Token);
            return message.Response.IsError && message.Response.Status != 404
                ? throw ResourceManagerFailure.Refused(what, message.Response)
                : ResourceAnswer.Of(what, message.Response);
        }
        catch (Exception e) when (ResourceManagerFailure.IsSilence(e, cancellationToken))
        {
            throw ResourceManagerFailure.Silent(what, _options.Endpoint, e);
        }
    }

    private static ArmEnvironment EnvironmentOf(Uri endpoint) =>
        new[] { ArmEnvironment.AzurePublicCloud, ArmEnvironment.AzureGovernment, ArmEnvironment.AzureChina }
            .Where(known => known.Endpoint.Host == endpoint.Host)
            .DefaultIfEmpty(new ArmEnvironment(endpoint, endpoint.GetLeftPart(UriPartial.Authority)))
            .First();

    /// <summary>A transport that trusts one certificate and nothing else, and speaks to no proxy.</summary>
    private static HttpClient Trusting(string thumbprint)
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

        // The pipeline has the time limits.
        return new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    /// <summary>A resource of any type. Derived, because only resources may use the client's pipeline.</summary>
    private sealed class Target(ArmClient client, ResourceIdentifier id) : ArmResource(client, id)
    {
        public HttpMessage Message(RequestMethod method, string? action, string apiVersion, BinaryData? body)
        {
            var message = Pipeline.CreateMessage();
            var request = message.Request;
            request.Method = method;
            request.Uri.Reset(Endpoint);
            request.Uri.AppendPath(Id.ToString(), escape: false);
            if (action is not null)
            {
                request.Uri.AppendPath("/" + action, escape: false);
            }

            request.Uri.AppendQuery("api-version", apiVersion);
            request.Headers.Add("Accept", "application/json");
            if (body is not null)
            {
                request.Headers.Add("Content-Type", "application/json");
                request.Content = RequestContent.Create(body);
            }

            return message;
        }

        public ValueTask SendAsync(HttpMessage message, CancellationToken cancellationToken) => Pipeline.SendAsync(message, cancellationToken);
    }
}
