using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace DrFunctions.LocalRuntime.Http;

public sealed class HttpFunctionEndpointTests : IAsyncLifetime, IDisposable
{
    private readonly Logs _logs = new();
    private FunctionsTestHost _host = null!; // Set before each test.

    public async Task InitializeAsync() => _host = await Hosts.StartAsync<Functions>(services =>
    {
        _logs.AddTo(services);
        services.AddSingleton(new Greeting("hello"));
        services.AddScoped<Scoped>();
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Request_WithoutRoute_IsAnsweredAtTheFunctionsName()
    {
        Assert.Equal("hello", await _host.Client.GetStringAsync("/api/hello"));
    }

    [Fact]
    public async Task ObjectResult_IsCamelCaseJsonWithNumericEnums()
    {
        using var answer = await _host.Client.GetAsync("/api/things/7/blue");

        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("""{"id":7,"color":1,"longName":"blue"}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/api/things/seven/blue")]
    [InlineData("POST", "/api/things/7/blue")]
    [InlineData("GET", "/things/7/blue")]
    [InlineData("GET", "/api/nothing")]
    public async Task Request_ThatNoFunctionMatches_Is404(string method, string path)
    {
        using var answer = await _host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Route_WithoutItsOptionalValue_GivesTheDefault()
    {
        Assert.Equal("10", await _host.Client.GetStringAsync("/api/pages"));
        Assert.Equal("3", await _host.Client.GetStringAsync("/api/pages/3"));
    }

    [Fact]
    public async Task Body_IsBoundFromJsonIgnoringCase()
    {
        using var answer = await _host.Client.PostAsJsonAsync("/api/bodies", new { NAME = "a" });

        Assert.Equal("a", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/bodies", "{")]
    [InlineData("/api/throws", "{}")]
    public async Task Failure_IsABare500AndLogged(string path, string body)
    {
        using var answer = await _host.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
        Assert.Contains(_logs.At(LogLevel.Error), text => text.Contains("' (", StringComparison.Ordinal) && text.Contains("failed after", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData("function", HttpStatusCode.OK)]
    [InlineData("master", HttpStatusCode.OK)]
    [InlineData("eventGrid", HttpStatusCode.Unauthorized)]
    public async Task FunctionLevel_AdmitsItsKeyAndTheMasterKeyOnly(string? key, HttpStatusCode expected)
    {
        await AssertKeyAsync("/api/guarded", key, expected);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("function", HttpStatusCode.Unauthorized)]
    [InlineData("master", HttpStatusCode.OK)]
    public async Task AdminLevel_AdmitsTheMasterKeyOnly(string? key, HttpStatusCode expected)
    {
        await AssertKeyAsync("/api/mastered", key, expected);
    }

    [Fact]
    public async Task Key_IsNeverLogged()
    {
        await AssertKeyAsync("/api/guarded", "function", HttpStatusCode.OK);
        using var throws = await _host.Client.PostAsync($"/api/throws?code={_host.FunctionKey}", null);

        Assert.NotEmpty(_logs.Texts);
        Assert.DoesNotContain(_logs.Texts, text => text.Contains(_host.FunctionKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Invocation_HasAScopeOfItsOwn()
    {
        var first = await _host.Client.GetStringAsync("/api/scoped");
        var second = await _host.Client.GetStringAsync("/api/scoped");

        Assert.Equal("same, alive", first);
        Assert.Equal("same, alive", second);
        Assert.Equal(2, Scoped.Disposed.Count(host => host == _host.Address.Port));
    }

    [Fact]
    public async Task TraceContext_BelongsToTheCallersTrace()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/trace");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add("tracestate", "vendor=1");

        using var answer = await _host.Client.SendAsync(request);

        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", lines[0], StringComparison.Ordinal);
        Assert.Equal("vendor=1", lines[1]);
        Assert.Equal(lines[0], lines[2]);
    }

    [Fact]
    public async Task Body_OverTheLimit_Is413()
    {
        await using var host = await Hosts.StartAsync<Functions>(
            services => services.AddSingleton(new Greeting("")).AddScoped<Scoped>(), ("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "10"));

        using var answer = await host.Client.PostAsJsonAsync("/api/bodies", new { name = "longer than ten bytes" });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Function_LongerThanItsTimeout_IsCancelledAndAnswered500()
    {
        await using var host = await Hosts.StartAsync<Functions>(
            services =>
            {
                _logs.AddTo(services);
                services.AddSingleton(new Greeting("")).AddScoped<Scoped>();
            },
            ("AzureFunctionsJobHost__functionTimeout", "00:00:00.2"));

        using var answer = await host.Client.GetAsync("/api/endless");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(_logs.At(LogLevel.Error), text => text.Contains("'Endless' did not end within functionTimeout (00:00:00.2000000)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_LetsARequestEnd()
    {
        var gate = new Gate();
        var host = await Hosts.StartAsync<GatedFunctions>(services => services.AddSingleton(gate));
        var request = host.Client.GetStringAsync("/api/gated");
        await gate.Entered.Task.WaitAsync(Hosts.Patience);

        var stop = host.StopAsync();
        Assert.False(stop.IsCompleted);
        gate.Open.SetResult();

        Assert.Equal("ended", await request.WaitAsync(Hosts.Patience));
        await stop.WaitAsync(Hosts.Patience);
        await host.DisposeAsync();
    }

    private async Task AssertKeyAsync(string path, string? key, HttpStatusCode expected)
    {
        var value = key switch
        {
            "function" => _host.FunctionKey,
            "master" => _host.MasterKey,
            "eventGrid" => _host.EventGridKey,
            _ => key,
        };
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (value is not null)
        {
            request.Headers.Add("x-functions-key", value);
        }

        using var byHeader = await _host.Client.SendAsync(request);
        using var byQuery = await _host.Client.GetAsync(value is null ? path : $"{path}?code={value}");

        Assert.Equal(expected, byHeader.StatusCode);
        Assert.Equal(expected, byQuery.StatusCode);
        if (expected == HttpStatusCode.Unauthorized)
        {
            Assert.Equal("", await byHeader.Content.ReadAsStringAsync());
            Assert.Empty(byHeader.Headers.WwwAuthenticate);
        }
    }

    public enum Color
    {
        Red,
        Blue,
    }

    public sealed record Greeting(string Text);

    public sealed record Thing(int Id, Color Color, string LongName);

    public sealed record Named(string Name);

    public sealed class Scoped : IDisposable
    {
        public static List<int> Disposed { get; } = [];

        public int Port { get; set; }

        public bool IsDisposed { get; private set; }

        public void Dispose()
        {
            IsDisposed = true;
            lock (Disposed)
            {
                Disposed.Add(Port);
            }
        }
    }

    public sealed class Gate
    {
        public TaskCompletionSource Entered { get; } = new();

        public TaskCompletionSource Open { get; } = new();
    }

    public sealed class Functions(Greeting greeting, HttpFunctionEndpointTests.Scoped scoped)
    {
        [Function("Hello")]
        public IActionResult Hello([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
            new ContentResult { Content = greeting.Text };

        [Function("Thing")]
        public static IActionResult Thing(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{id:int}/{color}")] HttpRequest request, int id, string color) =>
            new OkObjectResult(new Thing(id, Enum.Parse<Color>(color, ignoreCase: true), color));

        [Function("Page")]
        public static IActionResult Page(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/{number:int?}")] HttpRequest request, int number = 10) =>
            new OkObjectResult(number);

        [Function("Body")]
        public static async Task<IResult> BodyAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "bodies")] HttpRequest request, [FromBody] Named named)
        {
            await Task.Yield();
            return Results.Text(named.Name);
        }

        [Function("Throws")]
        public static IActionResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request) =>
            throw new InvalidOperationException("told to nobody outside");

        [Function("Guarded")]
        public static IActionResult Guarded([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => new OkResult();

        [Function("Administered")]
        public static IActionResult Administered([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "mastered")] HttpRequest request) => new OkResult();

        [Function("Scoped")]
        public ValueTask<IActionResult> ScopedAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
        {
            scoped.Port = request.Host.Port ?? 0;
            var same = ReferenceEquals(scoped, context.InstanceServices.GetRequiredService<Scoped>());
            var alive = context.GetHttpContext() == request.HttpContext && !scoped.IsDisposed;
            return ValueTask.FromResult<IActionResult>(new ContentResult { Content = $"{(same ? "same" : "other")}, {(alive ? "alive" : "dead")}" });
        }

        [Function("Trace")]
        public static IActionResult Trace([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context) =>
            new ContentResult { Content = $"{context.TraceContext.TraceParent}\n{context.TraceContext.TraceState}\n{Activity.Current?.Id}" };

        [Function("Endless")]
        public static async Task<IActionResult> EndlessAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new OkResult();
        }
    }

    public sealed class GatedFunctions(Gate gate)
    {
        [Function("Gated")]
        public async Task<IActionResult> GatedAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
            gate.Entered.SetResult();
            await gate.Open.Task;
            return new ContentResult { Content = "ended" };
        }
    }
}
