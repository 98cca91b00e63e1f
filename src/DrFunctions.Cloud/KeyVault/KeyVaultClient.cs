using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using DrFunctions.Backup;
using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Cloud.Transports;

namespace DrFunctions.Cloud.KeyVault;

/// <summary>
/// One key of one vault, by Key Vault's REST interface, version 7.4: GET, wrapkey, unwrapkey
/// (https://learn.microsoft.com/rest/api/keyvault/keys). All three change nothing, so that every call may be repeated. Thread-safe; for the app's life.
/// </summary>
internal sealed class KeyVaultClient
{
    /// <summary>RSA with OAEP, SHA-256.</summary>
    public const string Algorithm = "RSA-OAEP-256";

    private const string ApiVersion = "7.4";

    private readonly HttpPipeline _pipeline;

    public KeyVaultClient(VaultKeyUrl key, KeyVaultOptions options)
    {
        Key = key;
        var client = new PipelineOptions { RetryPolicy = new PatientPolicy(options), Retry = { NetworkTimeout = options.AttemptTimeout } };
        if (options.Thumbprint is { } thumbprint && key.Vault.IsLoopback)
        {
            client.Transport = new HttpClientTransport(PinnedCertificate.Client(thumbprint));
        }

        _pipeline = HttpPipelineBuilder.Build(client, new BearerTokenAuthenticationPolicy(options.Credential ?? new DefaultAzureCredential(), key.Scope));
    }

    /// <summary>The key, as it was configured.</summary>
    public VaultKeyUrl Key { get; }

    /// <summary>Wraps 32 bytes with the configured version, or with the newest.</summary>
    /// <returns>The version that wrapped, and what it made of them.</returns>
    /// <exception cref="BackupException">The vault refused or did not answer.</exception>
    public async Task<(VaultKeyUrl Version, byte[] Wrapped)> WrapAsync(byte[] value, CancellationToken cancellationToken)
    {
        var version = Key.Version is null ? await NewestAsync(cancellationToken) : Key;
        return (version, await TransformAsync("wrapkey", version, value, cancellationToken) ?? throw KeyVaultFailure.Strange(version, "it does not wrap 32 bytes; expected an RSA key"));
    }

    /// <summary>Unwraps with one version of the key; null when what was wrapped is not as it was.</summary>
    /// <exception cref="BackupException">The vault refused or did not answer.</exception>
    public Task<byte[]?> UnwrapAsync(VaultKeyUrl version, byte[] wrapped, CancellationToken cancellationToken) => TransformAsync("unwrapkey", version, wrapped, cancellationToken);

    private async Task<VaultKeyUrl> NewestAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(RequestMethod.Get, Key, "", body: null, cancellationToken);
        return response.IsError ? throw KeyVaultFailure.Refused(Key, response)
            : VaultKeyUrl.TryParse(Text(response, "key", "kid"), out var newest, out _) && newest.IsSameKey(Key) && newest.Version is not null ? newest
            : throw KeyVaultFailure.Strange(Key, "it did not name its newest version");
    }

    private async Task<byte[]?> TransformAsync(string operation, VaultKeyUrl version, byte[] value, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["alg"] = Algorithm, ["value"] = Base64Url.EncodeToString(value) };
        using var response = await SendAsync(RequestMethod.Post, version, "/" + operation, body, cancellationToken);
        if (response.Status == 400)
        {
            return null; // The padding of what was wrapped is not right, or the key is of another kind.
        }

        if (response.IsError)
        {
            throw KeyVaultFailure.Refused(version, response);
        }

        try
        {
            return Base64Url.DecodeFromChars(Text(response, "value") ?? throw new FormatException("there is none"));
        }
        catch (FormatException)
        {
            throw KeyVaultFailure.Strange(version, "it answered without a value");
        }
    }

    private async Task<Response> SendAsync(RequestMethod method, VaultKeyUrl version, string operation, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = _pipeline.CreateRequest();
        request.Method = method;
        request.Uri.Reset(new Uri($"{version}{operation}"));
        request.Uri.AppendQuery("api-version", ApiVersion);
        request.Headers.Add("Accept", "application/json");
        if (body is not null)
        {
            request.Headers.Add("Content-Type", "application/json");
            request.Content = RequestContent.Create(BinaryData.FromString(body.ToJsonString()));
        }

        try
        {
            return await _pipeline.SendRequestAsync(request, cancellationToken);
        }
        catch (Exception error) when (ResourceManagerFailure.IsSilence(error, cancellationToken))
        {
            throw KeyVaultFailure.Silent(version, error);
        }
    }

    private static string? Text(Response response, params ReadOnlySpan<string> path)
    {
        try
        {
            var node = JsonNode.Parse(response.Content.ToMemory().Span);
            foreach (var member in path)
            {
                node = (node as JsonObject)?[member];
            }

            return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private sealed class PipelineOptions : ClientOptions;

    /// <summary>Gives up at once when the vault names a longer wait than the options allow.</summary>
    private sealed class PatientPolicy(KeyVaultOptions options) : RetryPolicy(
        options.Retries, DelayStrategy.CreateExponentialDelayStrategy(options.RetryDelay, TimeSpan.FromSeconds(4)))
    {
        protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
            !(message.HasResponse && RetryAfter.Of(message.Response) > options.LongestRetryAfter) && await base.ShouldRetryAsync(message, exception);
    }
}
