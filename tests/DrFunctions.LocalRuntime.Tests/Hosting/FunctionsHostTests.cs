using System.Net;
using System.Net.Sockets;
using DrFunctions.LocalRuntime.Testing;
using DrFunctions.Testing.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Hosting;

public sealed class FunctionsHostTests
{
    [Fact]
    public async Task Start_WithoutWebApplication_NamesTheMissingCall()
    {
        var exception = await Assert.ThrowsAsync<StartupException>(() => FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            Builder = FunctionsApplication.CreateBuilder,
            FunctionTypes = [typeof(Fine)],
        }));

        Assert.Equal(
            "The function app cannot start: the app has HTTP functions but does not call ConfigureFunctionsWebApplication()", exception.Message);
    }

    [Fact]
    public async Task Start_OnAPortInUse_NamesTheAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var exception = await Assert.ThrowsAsync<StartupException>(() => FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            Builder = _ => FunctionsApplication.CreateBuilder(["--port", $"{port}"]).ConfigureFunctionsWebApplication(),
            FunctionTypes = [typeof(Fine)],
        }));

        Assert.Equal(
            $"The function app cannot start: http://127.0.0.1:{port} is in use by another process: end it, or choose another port with --port",
            exception.Message);
    }

    [Fact]
    public async Task Start_WithAPortThatIsNone_NamesIt()
    {
        var exception = await Assert.ThrowsAsync<StartupException>(() => FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            Builder = _ => FunctionsApplication.CreateBuilder(["--port", "70000"]).ConfigureFunctionsWebApplication(),
            FunctionTypes = [typeof(Fine)],
        }));

        Assert.Equal(["--port is '70000', expected a port from 0 (any free one) to 65535"], exception.Problems);
    }

    [Theory]
    [InlineData("{\n  \"version\": \"2.0\",\n  \"extensions\": {\n    \"http\": { \"routePrefix\": }\n", "host.json:4:30: not valid JSON, at 'extensions:http:routePrefix' (")]
    [InlineData("{\"version\":\"2.0\",\n\"functionTimeout\":\"soon\"}", "host.json:2: 'functionTimeout' is 'soon', expected a time span of up to 49 days such as 00:10:00, or -1 for no limit")]
    [InlineData("{\"version\":\"2.0\",\n\"functionTimeout\":\"50.00:00:00\"}", "host.json:2: 'functionTimeout' is '50.00:00:00', expected a time span of up to 49 days such as 00:10:00, or -1 for no limit")]
    [InlineData("{\"version\":\"1.0\"}", "host.json:1: 'version' is '1.0', expected \"2.0\"")]
    [InlineData("[]", "host.json:1: expected a JSON object")]
    [InlineData("{}", "host.json:1: 'version' is missing, expected \"2.0\"")]
    [InlineData("{\"version\":\"2.0\",\"version\":\"2.0\"}", "host.json:1: 'version' is given twice")]
    [InlineData("{\"version\":\"2.0\",\"logging\":{\"logLevel\":{\"default\":\"Loud\"}}}", "host.json:1: 'logging:logLevel:default' is 'Loud', expected Trace, ")]
    [InlineData("{\"version\":\"2.0\",\"extensions\":{\"durableTask\":{\"hubName\":\"a b\"}}}", "host.json:1: 'extensions:durableTask:hubName' is 'a b', expected a letter, then 2 to 44 letters or digits")]
    [InlineData("{\"version\":\"2.0\",\"extensions\":{\"durableTask\":{\"maxConcurrentActivityFunctions\":0}}}", "host.json:1: 'extensions:durableTask:maxConcurrentActivityFunctions' is '0', expected a whole number above 0")]
    public async Task HostJson_ThatIsWrong_IsRefusedWithItsLine(string content, string problem)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("host.json"), content);

        var exception = await Assert.ThrowsAsync<StartupException>(() => StartInAsync(folder));

        Assert.StartsWith(problem, Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostJson_IsHonouredAndWhatIsNotIsWarnedAboutOnce()
    {
        using var folder = new TemporaryFolder();
        using var logs = new Logs();
        await File.WriteAllTextAsync(folder.Combine("host.json"), """
            {
              // a comment
              "version": "2.0",
              "extensions": { "http": { "routePrefix": "v1", "hsts": { "isEnabled": true } } },
              "aggregator": { "batchSize": 1 },
            }
            """);

        await using var host = await StartInAsync(folder, services: logs.AddTo);

        Assert.Equal("fine", await host.Client.GetStringAsync("/v1/fine"));
        Assert.Equal(
            ["host.json has members that the local runtime does not honour: extensions:http:hsts:isEnabled (line 4), aggregator:batchSize (line 5)"],
            logs.At(LogLevel.Warning).Where(text => text.StartsWith("host.json", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task LocalSettings_AreBelowTheEnvironmentAndMapUnderscores()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder.Combine("local.settings.json"),
            """{"IsEncrypted":false,"Values":{"Dr__Region":"west","Number":3,"PATH":"file","Host":"x"},"ConnectionStrings":{"Db":"c"}}""");

        await using var host = await StartInAsync(folder);

        var configuration = host.Services.GetRequiredService<IConfiguration>();
        Assert.Equal("west", configuration["Dr:Region"]);
        Assert.Equal("3", configuration["Number"]);
        Assert.Equal("c", configuration.GetConnectionString("Db"));
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), configuration["PATH"]);
    }

    [Theory]
    [InlineData("{\"Values\":{\"A\":null}}", "local.settings.json:1: 'Values:A' is null, expected a string")]
    [InlineData("{\n\"IsEncrypted\":true}", "local.settings.json:2: 'IsEncrypted' is true, expected false: encrypted settings cannot be read")]
    [InlineData("{\n\"Values\":{\n\"A\":\n}}", "local.settings.json:4:1: not valid JSON, at 'Values:A' (")]
    public async Task LocalSettings_ThatAreWrong_AreRefusedWithTheirLine(string content, string problem)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("local.settings.json"), content);

        var exception = await Assert.ThrowsAsync<StartupException>(() => StartInAsync(folder));

        Assert.StartsWith(problem, Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "setting 'AzureWebJobsStorage' is missing: give a storage connection string, UseDevelopmentStorage=true for Azurite, or UseMemoryStorage=true to keep nothing when the process ends")]
    [InlineData("AccountKey=c2VjcmV0;Nonsense", "setting 'AzureWebJobsStorage' is not a storage connection string: ")]
    public async Task Storage_ThatIsWrong_IsRefusedWithoutTheSecret(string? value, string problem)
    {
        var previous = HostOverrides.Current;
        HostOverrides.Current = new HostOverrides
        {
            Types = [typeof(Fine)],
            ApplicationName = "DrFunctions.LocalRuntime.Tests",
            Settings = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = value },
            TimeProvider = TimeProvider.System,
        };
        var builder = FunctionsApplication.CreateBuilder([]).ConfigureFunctionsWebApplication();
        HostOverrides.Current = previous;
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<StartupException>(() => host.StartAsync());

        Assert.StartsWith(problem, Assert.Single(exception.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_InMemory_NeedsNoAccountAndIsWarnedAbout()
    {
        using var logs = new Logs();
        var previous = HostOverrides.Current;
        HostOverrides.Current = new HostOverrides
        {
            Types = [typeof(Fine)],
            ApplicationName = "DrFunctions.LocalRuntime.Tests",
            Settings = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = "UseMemoryStorage=true" },
            TimeProvider = TimeProvider.System,
            ConfigureServices = logs.AddTo,
        };
        var builder = FunctionsApplication.CreateBuilder(["--port", "0"]).ConfigureFunctionsWebApplication();
        HostOverrides.Current = previous;
        using var host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();

        Assert.Contains("AzureWebJobsStorage is UseMemoryStorage=true: orchestrations, schedules and generated keys end with this process", logs.At(LogLevel.Warning));
    }

    private static Task<FunctionsTestHost> StartInAsync(TemporaryFolder folder, Action<IServiceCollection>? services = null) =>
        FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(Fine)],
            ContentRoot = folder.Path,
            ReadsLocalSettings = true,
            ConfigureServices = services,
        });

    public static class Fine
    {
        [Function("Fine")]
        public static IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fine")] HttpRequest request) =>
            new ContentResult { Content = "fine" };
    }
}
