using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.ResourceManager;
using DrFunctions.Cloud.ResourceManager.Budget;
using DrFunctions.Cloud.ResourceManager.Operations;
using DrFunctions.Cloud.Transports;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>
/// Sends single requests about resources through Azure.ResourceManager: its identity, retries, throttling and tracing. A write whose answer
/// was lost is never repeated, see <see cref="BoundedRetryPolicy"/>. Thread-safe; one for the app's life.
/// </summary>
public sealed class ResourceManagerClient : IDisposable
{
    private readonly ResourceManagerOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient? _loopback;
    private readonly Target _target;

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
        clientOptions.AddPolicy(new RequestBudgetPolicy(new RequestBudget(time, options.LongestRetryAfter)), HttpPipelinePosition.PerRetry);
        if (options.Thumbprint is { } thumbprint)
        {
            _loopback = PinnedCertificate.Client(thumbprint);
            clientOptions.Transport = new HttpClientTransport(_loopback);
        }

        TokenCredential credential = options.Token is { } token
            ? DelegatedTokenCredential.Create((_, _) => new AccessToken(token, DateTimeOffset.MaxValue))
            : new DefaultAzureCredential();
        _target = new Target(new ArmClient(credential, defaultSubscriptionId: null, clientOptions));
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
    /// <exception cref="RecoveryException">Resource Manager refused or did not answer: then a write may have had its effect.</exception>
    internal Task<ResourceAnswer> SendAsync(
        RequestMethod method, ResourceId resource, string? action, string apiVersion, BinaryData? body, CancellationToken cancellationToken) =>
        SendAsync(new ResourceRequest(method, resource, apiVersion) { Action = action }, body, cancellationToken);

    /// <summary>Sends one request and gives the answer's JSON, or <see cref="ResourceAnswer.Missing"/> for a 404.</summary>
    /// <exception cref="RecoveryException">Resource Manager refused or did not answer: then a write may have had its effect.</exception>
    internal Task<ResourceAnswer> SendAsync(ResourceRequest request, CancellationToken cancellationToken) =>
        SendAsync(request, BodyOf(request), cancellationToken);

    /// <summary>Sends a request that begins an operation, and says where to poll.</summary>
    /// <exception cref="RecoveryException">Resource Manager refused, also with 404, or did not answer: then it may have begun.</exception>
    internal async Task<BegunOperation> BeginAsync(ResourceRequest request, CancellationToken cancellationToken)
    {
        using var message = _target.Message(request, BodyOf(request));
        await ExchangeAsync(request.What, message, cancellationToken);
        return message.Response.IsError
            ? throw ResourceManagerFailure.Refused(request.What, message.Response)
            : OperationAnswer.Begun(message.Response, _target.Address(request with { Action = null, Query = [] }));
    }

    /// <summary>Polls an operation once.</summary>
    /// <exception cref="RecoveryException">The URL is not Resource Manager's, or the question was refused or not answered.</exception>
    internal async Task<OperationProgress> PollAsync(OperationPoll poll, CancellationToken cancellationToken)
    {
        const string What = "GET of an operation's status";
        if (Uri.Compare(poll.Url, _options.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0
            || poll.Url.UserInfo.Length > 0)
        {
            // The token goes with the request, and must not go anywhere else.
            throw new RecoveryException("PollUrlForeign",
                $"{What}: the URL leads to '{poll.Url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}', expected {_options.Endpoint}.",
                isTransient: false, "Look at the resource in the portal; something stands between the app and Resource Manager.");
        }

        using var message = _target.Message(poll.Url);
        await ExchangeAsync(What, message, cancellationToken);
        if (message.Response.Status is 401 or 408 or 429 or >= 500 && !(poll.Kind == PollKind.Result && message.Response.Status == 500))
        {
            throw ResourceManagerFailure.Refused(What, message.Response);
        }

        return OperationAnswer.Progress(poll, message.Response);
    }

    private static BinaryData? BodyOf(ResourceRequest request) => request.Body is null ? null : BinaryData.FromString(request.Body.ToJsonString(Json.AsItWas));

    private async Task<ResourceAnswer> SendAsync(ResourceRequest request, BinaryData? body, CancellationToken cancellationToken)
    {
        using var message = _target.Message(request, body);
        return await SendAsync(request.What, message, cancellationToken);
    }

    private async Task<ResourceAnswer> SendAsync(string what, HttpMessage message, CancellationToken cancellationToken)
    {
        await ExchangeAsync(what, message, cancellationToken);
        return message.Response.IsError && message.Response.Status != 404
            ? throw ResourceManagerFailure.Refused(what, message.Response)
            : ResourceAnswer.Of(what, message.Response);
    }

    private async Task ExchangeAsync(string what, HttpMessage message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _target.SendAsync(message, either.Token);
        }
        catch (AggregateException many) when (many.InnerExceptions[^1] is RecoveryException last)
        {
            // Attempts failed, and the next one had to wait too long for its turn.
            throw last;
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

    /// <summary>Any resource. Derived, because only resources may use the client's pipeline.</summary>
    private sealed class Target(ArmClient client) : ArmResource(client, ResourceIdentifier.Root)
    {
        public Uri Address(ResourceRequest request)
        {
            var address = new RequestUriBuilder();
            Write(address, request);
            return address.ToUri();
        }

        public HttpMessage Message(ResourceRequest request, BinaryData? body)
        {
            var message = Message(request.Method);
            Write(message.Request.Uri, request);
            if (body is not null)
            {
                message.Request.Headers.Add("Content-Type", "application/json");
                message.Request.Content = RequestContent.Create(body);
            }

            return message;
        }

        /// <summary>A GET of a URL as it is.</summary>
        public HttpMessage Message(Uri url)
        {
            var message = Message(RequestMethod.Get);
            message.Request.Uri.Reset(url);
            return message;
        }

        public ValueTask SendAsync(HttpMessage message, CancellationToken cancellationToken) => Pipeline.SendAsync(message, cancellationToken);

        private HttpMessage Message(RequestMethod method)
        {
            var message = Pipeline.CreateMessage();
            message.Request.Method = method;
            message.Request.Headers.Add("Accept", "application/json");
            return message;
        }

        private void Write(RequestUriBuilder address, ResourceRequest request)
        {
            address.Reset(Endpoint);
            address.AppendPath(request.Path ?? request.Resource.Value, escape: false);
            if (request.Action is { } action)
            {
                address.AppendPath("/" + action, escape: false);
            }

            address.AppendQuery("api-version", request.ApiVersion);
            foreach (var (name, value) in request.Query)
            {
                address.AppendQuery(name, value);
            }
        }
    }
}
