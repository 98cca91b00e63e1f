using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Admin;

public sealed class AdminEndpointsTests : IAsyncLifetime
{
    private readonly TaskCompletionSource<string> _received = new();
    private FunctionsTestHost _host = null!; // Set before each test.

    public async Task InitializeAsync() => _host = await Hosts.StartAsync<Functions>(services => services.AddSingleton(_received));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("/admin/functions")]
    [InlineData("/admin/functions/Page")]
    [InlineData("/admin/functions/Page/status")]
    [InlineData("/admin/host/status")]
    public async Task Request_WithoutTheMasterKey_IsABare401(string path)
    {
        using var without = await _host.Client.GetAsync(path);
        using var wrong = await _host.Client.GetAsync($"{path}?code={_host.FunctionKey}");

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task Functions_AreListedWithTheirTriggers()
    {
        var functions = await _host.Client.GetFromJsonAsync<JsonElement>($"/admin/functions?code={_host.MasterKey}");

        Assert.Equal(
            ["Event eventGridTrigger", "Page httpTrigger"],
            functions.EnumerateArray().Select(item => $"{item.GetProperty("name")} {item.GetProperty("trigger")}").Order());
        var page = await _host.Client.GetFromJsonAsync<JsonElement>($"/admin/functions/page?code={_host.MasterKey}");
        Assert.Equal("api/pages", page.GetProperty("route").GetString());
        Assert.Equal($"{_host.Address}api/pages", page.GetProperty("invoke_url_template").GetString());
        Assert.Equal($"{_host.Address}admin/functions/Page", page.GetProperty("href").GetString());
        Assert.Equal("httpTrigger", page.GetProperty("config").GetProperty("bindings")[0].GetProperty("type").GetString());
        var status = await _host.Client.GetFromJsonAsync<JsonElement>($"/admin/functions/page/status?code={_host.MasterKey}");
        Assert.Equal(0, status.GetProperty("errors").GetArrayLength());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Ping_NeedsNoKey(string method)
    {
        using var answer = await _host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/admin/host/ping"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Status_IsRunning()
    {
        var status = await _host.Client.GetFromJsonAsync<JsonElement>($"/admin/host/status?code={_host.MasterKey}");

        Assert.Equal("Running", status.GetProperty("state").GetString());
    }

    [Fact]
    public async Task EventFunction_IsRunWithItsInput()
    {
        using var answer = await _host.Client.PostAsJsonAsync($"/admin/functions/Event?code={_host.MasterKey}", new { input = """{"a":1}""" });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("""{"a":1}""", await _received.Task.WaitAsync(Hosts.Patience));
    }

    [Theory]
    [InlineData("Event", "{}", HttpStatusCode.BadRequest, "Function 'Event' needs an event: {\"input\": \"...\"}.")]
    [InlineData("Event", "{", HttpStatusCode.BadRequest, "The body is not JSON, expected {\"input\": \"...\"}.")]
    [InlineData("Page", "{}", HttpStatusCode.BadRequest, "Function 'Page' has the trigger httpTrigger; only timers and Event Grid functions are run here.")]
    [InlineData("Nobody", "{}", HttpStatusCode.NotFound, "There is no function 'Nobody'.")]
    public async Task Run_ThatCannotBe_SaysWhy(string function, string body, HttpStatusCode status, string message)
    {
        using var answer = await _host.Client.PostAsync($"/admin/functions/{function}?code={_host.MasterKey}", new StringContent(body));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(message, await answer.Content.ReadAsStringAsync());
    }

    public sealed class Functions(TaskCompletionSource<string> received)
    {
        [Function("Page")]
        public static IActionResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages")] HttpRequest request) => new OkResult();

        [Function("Event")]
        public void Event([EventGridTrigger] string text) => received.SetResult(text);
    }
}
