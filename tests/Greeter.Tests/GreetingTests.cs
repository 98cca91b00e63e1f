using System.Net.Http.Json;
using System.Text.Json;
using DrFunctions.LocalRuntime.Testing;

namespace Greeter.Tests;

public sealed class GreetingTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private FunctionsTestHost _host = null!; // Set before each test.

    public async Task InitializeAsync() => _host = await FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
    {
        FunctionAssembly = typeof(GreetingFunctions).Assembly,
        TimeProvider = _time,
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Greeting_SaysGoodbyeAfterThirtyDays()
    {
        using var accepted = await _host.Client.PostAsync("/api/greetings/Ada", null);
        var id = (await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        var greeting = await UntilAsync(id, said => said.GetProperty("said").ValueKind == JsonValueKind.String);
        Assert.Equal("Hello, Ada!", greeting.GetProperty("said").GetString());
        Assert.Equal("Running", greeting.GetProperty("status").GetString());

        _time.Advance(TimeSpan.FromDays(30));

        greeting = await UntilAsync(id, said => said.GetProperty("status").GetString() == "Completed");
        Assert.Equal("Goodbye, Ada!", greeting.GetProperty("goodbye").GetString());
    }

    [Fact]
    public Task Count_RunsWithoutAnyGreeting() => _host.RunTimerAsync("Count");

    private async Task<JsonElement> UntilAsync(string? id, Func<JsonElement, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var greeting = await _host.Client.GetFromJsonAsync<JsonElement>($"/api/greetings/{id}", patience.Token);
            if (condition(greeting))
            {
                return greeting;
            }

            await Task.Delay(5, patience.Token);
        }
    }
}
