using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using DrFunctions.Backup;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Deployments;

namespace DrFunctions.Cloud.ResourceManager.Deployments;

/// <summary>Reads templates that lie in blobs, so that they are there when nothing else of a region is. Thread-safe.</summary>
/// <param name="connections">The accounts.</param>
public sealed class TemplateBlobs(BlobConnections connections)
{
    /// <summary>The largest template that Resource Manager takes.</summary>
    private const int Largest = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions s_template = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Reads a template.</summary>
    /// <exception cref="RecoveryException">It is missing, too large, no template, or its storage does not answer (<c>Template…</c>).</exception>
    internal async Task<JsonObject> ReadAsync(DeploymentTemplate template, CancellationToken cancellationToken)
    {
        var (place, path) = (template.Blob!, template.Path!); // a template without a link has both
        var what = $"the template '{path}' in the container '{place.Container}' of '{place.Connection}'";
        try
        {
            var blob = connections.Container(place).GetBlobClient(path);
            BlobProperties properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
            if (properties.ContentLength > Largest)
            {
                throw Unsuitable(what, FormattableString.Invariant($"has {properties.ContentLength} bytes, expected at most {Largest}"));
            }

            BlobDownloadResult content = await blob.DownloadContentAsync(
                new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = properties.ETag } }, cancellationToken);
            return JsonNode.Parse(Text(content.Content.ToMemory().Span), documentOptions: s_template) is JsonObject json
                && json.TextOrNull("$schema")?.Contains("deploymentTemplate.json", StringComparison.OrdinalIgnoreCase) == true
                    ? json
                    : throw Unsuitable(what, "is no object whose '$schema' is that of a deploymentTemplate.json");
        }
        catch (JsonException error)
        {
            throw Unsuitable(what, $"is not JSON: {error.Message}");
        }
        catch (BackupException error)
        {
            throw new RecoveryException("TemplateUnknown", $"{what}: {error.Message}", error.IsTransient, error.Hint, error);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            throw new RecoveryException("TemplateMissing", $"{what} does not exist.", false, "Upload the template, or correct the plan.", error);
        }
        catch (Exception error) when (error is RequestFailedException or IOException or AggregateException or AuthenticationFailedException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var status = (error as RequestFailedException)?.Status ?? 0;
            throw new RecoveryException(
                "TemplateUnavailable",
                $"{what} cannot be read: {(status == 0 ? "the storage account does not answer" : FormattableString.Invariant($"status {status}"))}.",
                isTransient: status is 0 or 408 or 412 or 429 or >= 500,
                "Check the storage account, its network and the app's rights.",
                error);
        }
    }

    /// <summary>Without the byte order mark that some tools write, and JSON does not allow.</summary>
    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> content) => content.StartsWith("\uFEFF"u8) ? content[3..] : content;

    private static RecoveryException Unsuitable(string what, string why) =>
        new("TemplateUnsuitable", $"{what} {why}.", isTransient: false, "Upload a template as 'az bicep build' writes it.");
}
