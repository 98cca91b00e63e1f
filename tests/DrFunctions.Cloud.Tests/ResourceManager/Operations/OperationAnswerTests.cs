using Azure.Core;
using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.Operations;

/// <summary>The ways in which providers speak of operations, the odd ones too.</summary>
public sealed class OperationAnswerTests : IAsyncLifetime, IDisposable
{
    private static readonly ResourceId s_id = ResourceId.Parse("/subscriptions/s/resourceGroups/shop/providers/Microsoft.X/y/z");
    private FakeResourceManager _server = null!; // set by InitializeAsync
    private ResourceManagerClient _client = null!; // set by InitializeAsync

    public async Task InitializeAsync()
    {
        _server = await FakeResourceManager.StartAsync();
        _client = new ResourceManagerClient(_server.Options, TimeProvider.System);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Begin_BothUrls_TheStatusGoesFirst()
    {
        _server.Answer(202, """{"operation":"X"}""", ("Azure-AsyncOperation", "https://h/status?s=1"), ("Location", "https://h/result"), ("Retry-After", "17"));

        Assert.Equal(new BegunOperation(new(new("https://h/status?s=1"), PollKind.Status), TimeSpan.FromSeconds(17)), await BeginAsync());
    }

    [Theory]
    [InlineData(202, "", PollKind.Result)]
    [InlineData(202, "no JSON", PollKind.Result)]
    public async Task Begin_LocationOnly_IsPolledForTheResult(int status, string body, PollKind kind)
    {
        _server.Answer(status, body, ("Location", "https://h/result"));

        Assert.Equal(new BegunOperation(new(new("https://h/result"), kind), null), await BeginAsync());
    }

    [Fact]
    public async Task Begin_NoUrl_TheResourceIsPolledUntilItsStateIsFinal()
    {
        _server.Answer(201, """{"properties":{"provisioningState":"Creating"}}""");

        var begun = await BeginAsync();

        Assert.Equal(new OperationPoll(new Uri($"{_server.Options.Endpoint}{s_id.Value[1..]}?api-version=2030-01-01"), PollKind.Resource), begun.Poll);
    }

    [Theory]
    [InlineData(200, """{"properties":{"provisioningState":"succeeded"}}""")]
    [InlineData(200, "{}")]
    [InlineData(200, "")]
    [InlineData(204, "")]
    [InlineData(200, "<html>")]
    public async Task Begin_NothingLeftToWaitFor_IsDoneAtOnce(int status, string body)
    {
        _server.Answer(status, body);

        Assert.Equal(BegunOperation.AtOnce, await BeginAsync());
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(408)]
    public async Task Begin_ServerError_IsNotRepeated(int status)
    {
        _server.Answer(status).Answer(200);

        var failure = await Assert.ThrowsAsync<RecoveryException>(BeginAsync);

        Assert.True(failure.IsTransient);
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task Begin_RefusedForAMoment_IsRepeatedAfterIt()
    {
        _server.Answer(429, "", ("Retry-After", "1")).Answer(200);

        await BeginAsync();

        Assert.Equal(2, _server.Asked.Count);
    }

    [Theory]
    [InlineData("""{"status":"Succeeded"}""", OperationState.Succeeded, null)]
    [InlineData("""{"status":"succeeded","error":{"code":"None","message":null}}""", OperationState.Succeeded, null)]
    [InlineData("""{"status":"InProgress","error":{"code":"None","message":null}}""", OperationState.Running, null)]
    [InlineData("""{"status":"Enqueued"}""", OperationState.Running, null)]
    [InlineData("{}", OperationState.Running, null)]
    [InlineData("", OperationState.Running, null)]
    [InlineData("""{"status":"Failed","error":{"code":"Boom","message":"m"}}""", OperationState.Failed, "Boom")]
    [InlineData("""{"status":"Canceled"}""", OperationState.Failed, null)]
    public async Task Poll_Status_IsJudgedByItsWordOnly(string body, OperationState state, string? code)
    {
        _server.Answer(200, body, ("Retry-After", "12"));

        var progress = await PollAsync(PollKind.Status);

        Assert.Equal((state, code, TimeSpan.FromSeconds(12)), (progress.State, progress.Code, progress.RetryAfter));
    }

    [Fact]
    public async Task Poll_Result_MayMove()
    {
        _server.Answer(202, "", ("Location", "https://h/moved"), ("Retry-After", "9"));

        var progress = await PollAsync(PollKind.Result);

        Assert.Equal((OperationState.Running, new OperationPoll(new("https://h/moved"), PollKind.Result), TimeSpan.FromSeconds(9)), (progress.State, progress.Next, progress.RetryAfter));
    }

    [Theory]
    [InlineData(200, "", OperationState.Succeeded, null)]
    [InlineData(204, "", OperationState.Succeeded, null)]
    [InlineData(409, """{"error":{"code":"Boom","message":"m"}}""", OperationState.Failed, "Boom")]
    [InlineData(400, """{"code":"Boom","message":"m"}""", OperationState.Failed, "Boom")]
    [InlineData(404, "", OperationState.Lost, null)]
    [InlineData(403, """{"error":{"code":"InvalidOperationUrl","message":"m"}}""", OperationState.Lost, "InvalidOperationUrl")]
    public async Task Poll_Result_IsWhatTheRequestWouldHaveAnswered(int status, string body, OperationState state, string? code)
    {
        _server.Answer(status, body);

        var progress = await PollAsync(PollKind.Result);

        Assert.Equal((state, code), (progress.State, progress.Code));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Poll_StatusThatCannotBeRead_SaysNothingAboutTheOperation(int status)
    {
        _server.Answer(status);

        Assert.Equal(OperationState.Lost, (await PollAsync(PollKind.Status)).State);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Poll_ServerError_IsTransient(int status)
    {
        for (var i = 0; i < 4; i++)
        {
            _server.Answer(status);
        }

        Assert.True((await Assert.ThrowsAsync<RecoveryException>(() => PollAsync(PollKind.Status))).IsTransient);
    }

    [Theory]
    [InlineData("""{"properties":{"provisioningState":"Updating"}}""", OperationState.Running)]
    [InlineData("""{"properties":{"provisioningState":"Failed","error":{"code":"Boom"}}}""", OperationState.Failed)]
    [InlineData("""{"properties":{}}""", OperationState.Succeeded)]
    public async Task Poll_Resource_IsJudgedByItsProvisioningState(string body, OperationState state)
    {
        _server.Answer(200, body);

        Assert.Equal(state, (await PollAsync(PollKind.Resource)).State);
    }

    [Fact]
    public async Task Poll_LongSignedUrl_IsFollowedToTheLetter()
    {
        var query = $"?p=A%20b%2Fc&api-version=2025-06-01-preview&t=1&c={new string('x', 3500)}-_~&s=a%2B%2f==";
        _server.Answer(200, """{"status":"Succeeded"}""");

        await _client.PollAsync(new OperationPoll(new Uri(_server.Options.Endpoint, "/Subscriptions/S/locations/Canada%20Central/x" + query), PollKind.Status), default);

        Assert.Equal($"GET /Subscriptions/S/locations/Canada Central/x{query}", Assert.Single(_server.Asked).Line.Replace("%20Central", " Central", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://127.0.0.1:1/status?s=secret")]
    [InlineData("https://evil.example/status?s=secret")]
    [InlineData("http://management.azure.com/status?s=secret")]
    public async Task Poll_OtherHost_IsNotFollowedAndGetsNoToken(string url)
    {
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => _client.PollAsync(new OperationPoll(new Uri(url), PollKind.Status), default));

        Assert.Equal(("PollUrlForeign", false), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.Asked);
    }

    private Task<BegunOperation> BeginAsync() => _client.BeginAsync(new ResourceRequest(RequestMethod.Put, s_id, "2030-01-01"), default);

    private Task<OperationProgress> PollAsync(PollKind kind) =>
        _client.PollAsync(new OperationPoll(new Uri(_server.Options.Endpoint, "/status?s=1"), kind), default);
}
