using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Cloud.ResourceManager.FlexibleServers;
using DrFunctions.Cloud.ResourceManager.SqlFailoverGroups;
using DrFunctions.Cloud.ResourceManager.StorageAccounts;
using DrFunctions.Recovery;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager;

public sealed class ResourceManagerClientTests : IAsyncLifetime
{
    private static readonly ResourceId s_site = ResourceId.Parse("/subscriptions/s/resourceGroups/shop/providers/Microsoft.Web/sites/shop-we");
    private const string Stopped = """{"properties":{"state":"Stopped"}}""";

    // Those that are one request; the others read what they keep first, and are tried in Runs/LostAnswersTests.
    private static readonly Dictionary<string, Func<ResourceManagerClient, Task>> s_writes = new()
    {
        ["start"] = client => new WebAppsAdapter(client).StartAsync(s_site, default),
        ["stop"] = client => new WebAppsAdapter(client).StopAsync(s_site, default),
        ["access"] = client => new StorageAccountsAdapter(client).SetAccessAsync(Id("Microsoft.Storage/storageAccounts/files"), StorageAccess.Closed, default),
        ["storage"] = client => new StorageAccountsAdapter(client).FailOverAsync(Id("Microsoft.Storage/storageAccounts/files"), planned: true, default),
        ["sql"] = client => new SqlFailoverGroupsAdapter(client).FailOverAsync(Id("Microsoft.Sql/servers/ne/failoverGroups/shop"), allowDataLoss: false, default),
        ["promote"] = client => new FlexibleServersAdapter(client).PromoteAsync(Id("Microsoft.DBforPostgreSQL/flexibleServers/ne"), PostgresPromotion.Forced, default),
    };

    private FakeResourceManager _server = null!; // set by InitializeAsync

    public static TheoryData<int, string, string, bool, string> Refusals => new()
    {
        { 400, """{"code":"BadRequest","message":"flat"}""", "ResourceManagerRefused", false, "status 400, BadRequest: flat" },
        { 409, """{"Code":"Conflict","Message":"in use","Target":null,"Details":[]}""", "ResourceBusy", true, "status 409, Conflict: in use" },
        { 401, """{"error":{"code":"InvalidAuthenticationToken","message":"m"}}""", "AuthenticationFailed", false, "status 401, InvalidAuthenticationToken: m" },
        { 403, """{"error":{"code":"AuthorizationFailed","message":"The client 'x' has no role"}}""", "AuthorizationFailed", false, "status 403, AuthorizationFailed: The client 'x' has no role" },
        { 404, """{"error":{"code":"ResourceNotFound","message":"gone"}}""", "ResourceNotFound", false, "status 404, ResourceNotFound: gone" },
        { 409, """{"error":{"code":"ScopeLocked","message":"locked"}}""", "ResourceLocked", false, "status 409, ScopeLocked: locked" },
        { 409, """{"error":{"code":"Conflict","message":"busy"}}""", "ResourceBusy", true, "status 409, Conflict: busy" },
        { 412, "", "ResourceManagerRefused", false, "status 412, no error code." },
        { 400, "<html>proxy</html>", "ResourceManagerRefused", false, "status 400, no error code." },
        { 400, """{"error":{"code":1,"message":["x"]}}""", "ResourceManagerRefused", false, "status 400, no error code." },
        { 400, """{"code":"a","code":"b"}""", "ResourceManagerRefused", false, "status 400, no error code." },
        { 400, """["x"]""", "ResourceManagerRefused", false, "status 400, no error code." },
        { 400, """{"error":{"code":"Bad","message":"two\r\nlines"}}""", "ResourceManagerRefused", false, "status 400, Bad: two  lines" },
    };

    public static TheoryData<string> KindsOfWrite => [.. s_writes.Keys];

    public static TheoryData<string, int?> Writes
    {
        get
        {
            var data = new TheoryData<string, int?>();
            foreach (var write in s_writes.Keys)
            {
                foreach (var status in new int?[] { null, 500, 502, 503, 504, 408 })
                {
                    data.Add(write, status);
                }
            }

            return data;
        }
    }

    public async Task InitializeAsync() => _server = await FakeResourceManager.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusal_AnyShape_HasCodeAndText(int status, string body, string code, bool transient, string text)
    {
        var failure = await StartFailsAsync(_server.Answer(status, body).Options);

        Assert.Equal(code, failure.Code);
        Assert.Equal(transient, failure.IsTransient);
        Assert.Equal($"POST start of '{s_site}': {text}", failure.Message);
        Assert.NotEmpty(failure.Hint);
    }

    [Fact]
    public async Task Request_Sent_HasActionVersionAndToken()
    {
        using var client = new ResourceManagerClient(_server.Answer(200).Options, TimeProvider.System);

        await new WebAppsAdapter(client).StartAsync(s_site, default);

        Assert.Equal([($"POST {s_site}/start?api-version=2024-11-01", "", "Bearer fixed")], _server.Asked);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task Busy_ThenWell_IsReadAgain(int status)
    {
        using var client = new ResourceManagerClient(_server.Answer(status).Answer(200, Stopped).Options, TimeProvider.System);

        Assert.Equal("Stopped", await new WebAppsAdapter(client).ReadStateAsync(s_site, default));
        Assert.Equal(2, _server.Asked.Count);
    }

    /// <summary>Each of these may have come after the effect.</summary>
    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Write_WhoseAnswerIsLost_IsNotRepeated(string write, int? status)
    {
        _ = status is { } code ? _server.Answer(code) : _server.Answer(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var client = new ResourceManagerClient(_server.Answer(200).Options with { Retries = 3 }, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => s_writes[write](client));

        Assert.Equal(("ResourceManagerUnavailable", true), (failure.Code, failure.IsTransient));
        Assert.Single(_server.Asked);
    }

    [Theory]
    [MemberData(nameof(KindsOfWrite))]
    public async Task Write_RefusedForAMoment_IsRepeatedAfterIt(string write)
    {
        using var client = new ResourceManagerClient(_server.Answer(429, "", ("Retry-After", "1")).Answer(200).Options, TimeProvider.System);

        await s_writes[write](client);

        Assert.Equal(2, _server.Asked.Count);
    }

    [Fact]
    public async Task Busy_ForAllAttempts_IsUnavailable()
    {
        _server.Answer(503).Answer(503).Answer(503);
        using var client = new ResourceManagerClient(_server.Options with { Retries = 2 }, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => new WebAppsAdapter(client).ReadStateAsync(s_site, default));

        Assert.Equal(("ResourceManagerUnavailable", true), (failure.Code, failure.IsTransient));
        Assert.Equal(3, _server.Asked.Count);
    }

    [Fact]
    public async Task Throttled_ShortWait_IsWaitedOut()
    {
        var began = TimeProvider.System.GetTimestamp();
        using var client = new ResourceManagerClient(_server.Answer(429, "", ("Retry-After", "1")).Answer(200).Options, TimeProvider.System);

        await new WebAppsAdapter(client).StartAsync(s_site, default);

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Throttled_LongWait_FailsAtOnceAndTellsIt()
    {
        _server.Answer(429, """{"error":{"code":"SubscriptionRequestsThrottled","message":"m"}}""", ("Retry-After", "600"));

        var failure = await StartFailsAsync(_server.Options);

        Assert.Equal(("Throttled", true), (failure.Code, failure.IsTransient));
        Assert.EndsWith("Retry after 600 s.", failure.Message, StringComparison.Ordinal);
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task TooManyRequests_ForAnotherOperation_IsBusyNotThrottled()
    {
        _server.Answer(429, """{"error":{"code":"RetryableErrorDueToAnotherOperation","message":"m"}}""");

        Assert.Equal("ResourceBusy", (await StartFailsAsync(_server.Options with { Retries = 0 })).Code);
    }

    [Fact]
    public async Task Silence_AttemptTimeout_IsUnavailable()
    {
        _server.Answer(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var failure = await StartFailsAsync(_server.Options with { Retries = 0, AttemptTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.Equal(("ResourceManagerUnavailable", true), (failure.Code, failure.IsTransient));
        Assert.Contains("did not answer in time", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_WholeTimeout_IsUnavailable()
    {
        _server.Answer(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var failure = await StartFailsAsync(_server.Options with { Timeout = TimeSpan.FromMilliseconds(200) });

        Assert.Contains("did not answer in time", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_CallerCancels_IsCancellation()
    {
        using var cancel = new CancellationTokenSource();
        _server.Answer(async context =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new WebAppsAdapter(client).StartAsync(s_site, cancel.Token));
    }

    [Fact]
    public async Task Connection_Broken_IsUnavailable()
    {
        _server.Answer(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        Assert.Equal("ResourceManagerUnavailable", (await StartFailsAsync(_server.Options with { Retries = 0 })).Code);
    }

    [Fact]
    public async Task Connection_Refused_IsUnavailable()
    {
        var failure = await StartFailsAsync(_server.Options with { Retries = 1, Endpoint = new Uri($"https://127.0.0.1:{FreePort.Take()}") });

        Assert.Equal(("ResourceManagerUnavailable", true), (failure.Code, failure.IsTransient));
        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Certificate_NotTheOneTrusted_IsRefusedBeforeTheTokenIsSent(bool otherThumbprint)
    {
        var failure = await StartFailsAsync(_server.Options with { Retries = 0, Thumbprint = otherThumbprint ? new string('0', 64) : null });

        Assert.Equal(("ResourceManagerUntrusted", false), (failure.Code, failure.IsTransient));
        Assert.Empty(_server.Asked);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", null, null, "must be an https URL")]
    [InlineData("https://management.azure.com", "00", null, "a thumbprint is for a simulator on this machine")]
    [InlineData("https://management.azure.com", null, "t", "a fixed token is for a simulator on this machine")]
    [InlineData("https://127.0.0.1:1", "00", null, "must be 64 hexadecimal digits")]
    [InlineData("https://user:secret@127.0.0.1:1", null, null, "without user information")]
    public void Options_Mistake_IsRefused(string endpoint, string? thumbprint, string? token, string expected)
    {
        var options = new ResourceManagerOptions { Endpoint = new Uri(endpoint), Thumbprint = thumbprint, Token = token };

        var failure = Assert.Throws<ArgumentException>(() => new ResourceManagerClient(options, TimeProvider.System));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    private static ResourceId Id(string rest) => ResourceId.Parse($"/subscriptions/s/resourceGroups/shop/providers/{rest}");

    private static async Task<RecoveryException> StartFailsAsync(ResourceManagerOptions options)
    {
        using var client = new ResourceManagerClient(options, TimeProvider.System);
        return await Assert.ThrowsAsync<RecoveryException>(() => new WebAppsAdapter(client).StartAsync(s_site, default));
    }
}
