using System.Text.Json.Nodes;
using DrFunctions.Simulator.Sites;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.Simulator.Web;

/// <summary>Reads sites' content from their storage, for real; no message ever shows the storage's signature.</summary>
internal sealed class SiteContent(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = CheckLimit,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Lists one name of the container.</summary>
    /// <returns>Null when the storage answers, else why the content is out of reach.</returns>
    public async Task<string?> CheckAsync(Site site, CancellationToken cancellationToken)
    {
        if (site.Content is not { } container)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(CheckLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var query = container.Query.TrimStart('?');
            var uri = new UriBuilder(container) { Query = "restype=container&comp=list&maxresults=1" + (query.Length > 0 ? "&" + query : "") }.Uri;
            using var response = await _http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode ? null : $"the storage at {container.Authority} answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException exception)
        {
            return $"the storage at {container.Authority} cannot be reached: {exception.HttpRequestError}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the storage at {container.Authority} did not answer within {CheckLimit.TotalSeconds} s";
        }
    }

    /// <summary>Streams one file of the container into the response.</summary>
    /// <param name="site">Whose content.</param>
    /// <param name="path">The file's name, decoded; segments divided by slashes.</param>
    /// <param name="context">The request.</param>
    public async Task StreamAsync(Site site, string path, HttpContext context)
    {
        var segments = path.Split('/');
        if (site.Content is not { } container || segments.Any(segment => segment is "" or "." or ".."))
        {
            await RegionEndpoint.WriteJsonAsync(context, 404, new JsonObject { ["error"] = "There is no such file." });
            return;
        }

        var file = string.Join('/', segments.Select(Uri.EscapeDataString));
        var uri = new Uri($"{container.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{file}{container.Query}");
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        HttpResponseMessage response;
        try
        {
            response = await _http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && limit.IsCancellationRequested))
        {
            await RegionEndpoint.WriteJsonAsync(context, 503, new JsonObject { ["error"] = $"The storage at {container.Authority} does not answer." });
            return;
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                var status = (int)response.StatusCode == 404 ? 404 : 502;
                await RegionEndpoint.WriteJsonAsync(
                    context, status, new JsonObject { ["error"] = $"The storage at {container.Authority} answered {(int)response.StatusCode}." });
                return;
            }

            context.Response.ContentType = response.Content.Headers.ContentType?.ToString() ?? "application/octet-stream";
            context.Response.ContentLength = response.Content.Headers.ContentLength;
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    public void Dispose() => _http.Dispose();
}
