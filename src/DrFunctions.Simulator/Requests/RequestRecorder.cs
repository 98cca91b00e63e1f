using Microsoft.AspNetCore.Http;

namespace DrFunctions.Simulator.Requests;

/// <summary>Stands around the handler of an HTTP wire: logs what became of the request and closes the connection when there is no answer.</summary>
internal sealed class RequestRecorder(RequestLog log, TimeProvider time)
{
    /// <param name="wire">The wire's name.</param>
    /// <param name="withHost">Whether the host matters there.</param>
    /// <param name="handler">The handler; tells by <see cref="RequestNote"/>.</param>
    public RequestDelegate Around(string wire, bool withHost, RequestDelegate handler) => async context =>
    {
        await using var body = new DigestStream(context.Request.Body);
        context.Request.Body = body;
        var entry = new Entry(log, time, context, body) { Wire = wire, WithHost = withHost };

        // Logged before the first octet leaves: who has the answer finds the request in the log.
        context.Response.OnStarting(() => entry.LogAsync(context.Response.StatusCode));
        try
        {
            await handler(context);
            await entry.LogAsync(entry.Note.NoAnswer || context.RequestAborted.IsCancellationRequested ? null : context.Response.StatusCode);
        }
        catch (BadHttpRequestException exception)
        {
            await entry.LogAsync(exception.StatusCode);
            throw;
        }
        catch (Exception exception)
        {
            // A client that did not wait got no answer, and so did one whose handler failed without one.
            await entry.LogAsync(null);
            if (exception is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
            {
                throw;
            }
        }

        if (entry.Note.NoAnswer)
        {
            context.Abort();
        }
    };

    private sealed class Entry(RequestLog log, TimeProvider time, HttpContext context, DigestStream body)
    {
        private readonly DateTimeOffset _began = time.GetUtcNow();
        private bool _logged;

        public required string Wire { get; init; }

        public required bool WithHost { get; init; }

        public RequestNote Note { get; } = RequestNote.Of(context);

        public async Task LogAsync(int? status)
        {
            if (_logged || Note.Unlogged)
            {
                return;
            }

            _logged = true;
            await ReadRestAsync();
            log.Add(new LoggedRequest
            {
                Wire = Wire,
                Sequence = 0,
                Time = _began,
                Duration = time.GetUtcNow() - _began,
                Method = context.Request.Method,
                Host = WithHost ? context.Request.Host.Host : null,
                Path = context.Request.Path.Value is { Length: > 0 } path ? path : "/",
                ApiVersion = context.Request.Query["api-version"].ToString() is { Length: > 0 } version ? version : null,
                BodyBytes = body.Octets,
                BodySha256 = body.Sha256,
                Status = status,
                Fault = Note.Fault,
            });
        }

        // A fault may have answered in the handler's place; the log shows what was sent nevertheless.
        private async Task ReadRestAsync()
        {
            try
            {
                await body.CopyToAsync(Stream.Null, context.RequestAborted);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The client is gone, or sends more than is taken: what came is what is logged.
            }
        }
    }
}
