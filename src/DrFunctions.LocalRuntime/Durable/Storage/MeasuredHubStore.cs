using DrFunctions.LocalRuntime.Telemetry;

namespace DrFunctions.LocalRuntime.Durable.Storage;

/// <summary>A store whose every call is measured: how long it took, and how it ended.</summary>
internal sealed class MeasuredHubStore(IHubStore store, string hub, TimeProvider time) : IHubStore
{
    private readonly KeyValuePair<string, object?> _hub = new(RuntimeMetrics.Hub, hub);

    public async Task EnsureCreatedAsync(CancellationToken ct) => await MeasureAsync(
        "ensure_created",
        async () =>
        {
            await store.EnsureCreatedAsync(ct);
            return true;
        },
        _ => "ok");

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken ct) =>
        MeasureAsync("read", () => store.ReadAsync(name, ct), found => found is null ? "not_found" : "ok");

    public Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct) =>
        MeasureAsync("create", () => store.CreateAsync(name, content, ct), Written);

    public Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct) =>
        MeasureAsync("replace", () => store.ReplaceAsync(name, content, etag, ct), Written);

    public Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct) =>
        MeasureAsync("delete", () => store.DeleteAsync(name, etag, ct), deleted => deleted ? "ok" : "not_found");

    public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct) =>
        MeasureAsync("list", () => store.ListAsync(prefix, continuation, pageSize, ct), _ => "ok");

    private static string Written(string? etag) => etag is null ? "conflict" : "ok";

    private async Task<T> MeasureAsync<T>(string operation, Func<Task<T>> call, Func<T, string> outcome)
    {
        var begun = time.GetTimestamp();
        var ended = "error";
        try
        {
            var answer = await call();
            ended = outcome(answer);
            return answer;
        }
        catch (OperationCanceledException)
        {
            ended = "cancelled"; // By a stop, or because it has not answered in time.
            throw;
        }
        finally
        {
            RuntimeMetrics.StoreDuration.Record(
                time.GetElapsedTime(begun).TotalSeconds, _hub, new("operation", operation), new(RuntimeMetrics.Outcome, ended));
        }
    }
}
