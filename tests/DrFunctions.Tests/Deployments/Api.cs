using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace DrFunctions.App.Deployments;

/// <summary>Calls the app as a user does, with a key. Keeps every answer for whoever looks for what must not be in one.</summary>
internal sealed class Api(HttpClient http, string functionKey, string eventGridKey, string? personalKey)
{
    private ConcurrentQueue<string> Seen { get; init; } = new();

    public IEnumerable<string> Answers => Seen;

    /// <summary>The same app, called by someone else.</summary>
    /// <param name="name">One of <see cref="Persons"/>; null for somebody with the function key and nothing else.</param>
    public Api As(string? name) => new(http, functionKey, eventGridKey, name is null ? null : Persons.KeyOf(name)) { Seen = Seen };

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, Json(body));

    public Task<Answer> PostTextAsync(string path, string body) =>
        SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"));

    public Task<Answer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, new StringContent(body, Encoding.UTF8, "application/yaml"));

    public Task<Answer> PutAsync(string path, byte[] body) => SendAsync(HttpMethod.Put, path, new ByteArrayContent(body));

    public async Task<string> ApplyAsync(string workload, string yaml)
    {
        var answer = await PutAsync($"api/plans/{workload}", yaml);
        Assert.True(answer.Status is 200 or 201, answer.ToString());
        return answer["version"];
    }

    public async Task<string> StartAsync(string workload = ShopPlan.Workload, string runbook = "failover")
    {
        var answer = await PostAsync($"api/plans/{workload}/runbooks/{runbook}/runs", new { reason = "test" });
        Assert.True(answer.Status == 202, answer.ToString());
        return answer["runId"];
    }

    public Task<Answer> RunAsync(string runId, Func<Answer, bool> expected, string what) =>
        Eventually.SeeAsync(() => GetAsync($"api/runs/{runId}"), expected, $"the run {runId}: {what}");

    /// <summary>Waits until the run has ended and, a moment later, its lock is released.</summary>
    public async Task<Answer> EndedAsync(string runId)
    {
        var ended = await RunAsync(runId, run => run.Status == 200 && run["state"] is not ("running" or "paused" or ""), "ended");
        await Eventually.SeeAsync(
            () => GetAsync($"api/plans/{ended["workload"]}"),
            plan => plan["lock.runId"] != runId || plan["lock.state"] == "released",
            $"the lock of {runId} is released");
        return ended;
    }

    public Task<Answer> IncidentAsync(string workload, Func<Answer, bool> expected, string what) =>
        Eventually.SeeAsync(() => GetAsync($"api/plans/{workload}/incidents"), expected, $"the incidents of {workload}: {what}");

    public Task<Answer> BackupsAsync(string workload, Func<Answer, bool> expected, string what) =>
        Eventually.SeeAsync(() => GetAsync($"api/plans/{workload}/backups"), expected, $"the backups of {workload}: {what}");

    /// <summary>Delivers to the webhook that Event Grid delivers to.</summary>
    public Task<Answer> DeliverAsync(string body) => SendAsync(
        HttpMethod.Post,
        $"runtime/webhooks/EventGrid?functionName=Alert&code={Uri.EscapeDataString(eventGridKey)}",
        new StringContent(body, Encoding.UTF8, "application/json"),
        key: null);

    public Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content) => SendAsync(method, path, content, functionKey);

    private async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, string? key)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
            if (personalKey is not null)
            {
                request.Headers.Add("x-dr-key", personalKey);
            }
        }

        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Seen.Enqueue($"{method} {path.Split('?')[0]}: {response.Headers} {text}");
        return new Answer((int)response.StatusCode, text, response.Headers.Location?.ToString());
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
