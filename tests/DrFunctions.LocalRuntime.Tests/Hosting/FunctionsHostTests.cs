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
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace DrFunctions.LocalRuntime.Hosting;

public sealed class FunctionsHostTests
{
    [Fact]
    public async Task Start_WithManyMistakes_TellsThemAllAtOnce()
    {
        var exception = await Assert.ThrowsAsync<StartupException>(() => Hosts.StartAsync<Mistakes>());

        string[] expected =
        [
            "function name '1st' of DrFunctions.LocalRuntime.Hosting.FunctionsHostTests+Mistakes.BadName: expected a letter, then up to 127 letters, digits, '_' or '-'",
            "function name 'TWIN' is used twice, by DrFunctions.LocalRuntime.Hosting.FunctionsHostTests+Mistakes.Twin and DrFunctions.LocalRuntime.Hosting.FunctionsHostTests+Mistakes.OtherTwin: names are compared ignoring case",
            "the schedule of function 'NoSetting' needs the setting 'Missing__Schedule', which is not set: add it to local.settings.json or the environment",
            "function 'BadSchedule' has the schedule '0 0 99 * * *': ",
            "function 'FewFields' has the schedule '* *': it has 2 fields, expected six (second minute hour day month day-of-week)",
            "function 'BadRoute' has the route 'api/{a': ",
            "function 'BadConstraint' has the route 'api/{a:nothing}': the constraint 'nothing' is not known",
            "function 'NoTrigger' has 0 trigger parameters, expected exactly one",
            "function 'BadParameter', parameter 'who' of type String: expected HttpRequest, [FromBody] of Microsoft.Azure.Functions.Worker.Http, or a name in the route 'api/BadParameter'",
            "function 'BadTimer', parameter 'timer' of type Int32: expected TimerInfo",
            "function 'BadResult' returns String, expected IActionResult, IResult, or nothing",
            "functions 'SameRoute', 'OtherRoute' have the same route: GET /API/{}",
            "class DrFunctions.LocalRuntime.Hosting.FunctionsHostTests+Mistakes: its constructor's parameter 'missing' needs System.Uri, which is not registered",
        ];
        Assert.All(expected, text => Assert.Contains(exception.Problems, problem => problem.StartsWith(text, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, exception.Problems.Count);
        Assert.StartsWith($"The function app cannot start, {expected.Length} problems:", exception.Message, StringComparison.Ordinal);
    }

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
    [InlineData("{\n  \"version\": \"2.0\",\n  \"extensions\": {\n    \"http\": { \"routePrefix\": }\n", "host.json line 4, at 'extensions:http:routePrefix': not valid JSON (")]
    [InlineData("{\"version\":\"2.0\",\n\"functionTimeout\":\"soon\"}", "host.json line 2: 'functionTimeout' is 'soon', expected a time span such as 00:10:00, or -1 for no limit")]
    [InlineData("{\"version\":\"1.0\"}", "host.json line 1: 'version' is '1.0', expected \"2.0\"")]
    [InlineData("[]", "host.json line 1: expected a JSON object")]
    [InlineData("{\"version\":\"2.0\",\"version\":\"2.0\"}", "host.json line 1: 'version' is given twice")]
    [InlineData("{\"logging\":{\"logLevel\":{\"default\":\"Loud\"}}}", "host.json line 1: 'logging:logLevel:default' is 'Loud', expected Trace, ")]
    [InlineData("{\"extensions\":{\"durableTask\":{\"hubName\":\"a b\"}}}", "host.json line 1: 'extensions:durableTask:hubName' is 'a b', expected a letter, then 2 to 44 letters or digits")]
    [InlineData("{\"extensions\":{\"durableTask\":{\"maxConcurrentActivityFunctions\":0}}}", "host.json line 1: 'extensions:durableTask:maxConcurrentActivityFunctions' is '0', expected a whole number above 0")]
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
              "extensions": { "http": { "routePrefix": "v1", "maxOutstandingRequests": 5 } },
              "aggregator": { "batchSize": 1 },
            }
            """);

        await using var host = await StartInAsync(folder, services: logs.AddTo);

        Assert.Equal("fine", await host.Client.GetStringAsync("/v1/fine"));
        Assert.Equal(
            ["host.json has members that the local runtime does not honour: extensions:http:maxOutstandingRequests (line 4), aggregator:batchSize (line 5)"],
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
    [InlineData("{\"Values\":{\"A\":null}}", "local.settings.json line 1: 'Values:A' is null, expected a string")]
    [InlineData("{\n\"IsEncrypted\":true}", "local.settings.json line 2: 'IsEncrypted' is true, expected false: encrypted settings cannot be read")]
    [InlineData("{\n\"Values\":{\n\"A\":\n}}", "local.settings.json line 4, at 'Values:A': not valid JSON (")]
    public async Task LocalSettings_ThatAreWrong_AreRefusedWithTheirLine(string content, string problem)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("local.settings.json"), content);

        var exception = await Assert.ThrowsAsync<StartupException>(() => StartInAsync(folder));

        Assert.StartsWith(problem, Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "setting 'AzureWebJobsStorage' is missing: give a storage connection string, such as UseDevelopmentStorage=true for Azurite")]
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

    public sealed class Mistakes(Uri missing)
    {
        public Uri Missing { get; } = missing;

        [Function("1st")]
        public static void BadName([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("Twin")]
        public void Twin([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(Missing);

        [Function("TWIN")]
        public static void OtherTwin([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("NoSetting")]
        public static void NoSetting([TimerTrigger("%Missing__Schedule%")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("BadSchedule")]
        public static void BadSchedule([TimerTrigger("0 0 99 * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("FewFields")]
        public static void FewFields([TimerTrigger("* *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("BadRoute")]
        public static void BadRoute([HttpTrigger(Route = "{a")] HttpRequest request) => Assert.NotNull(request);

        [Function("BadConstraint")]
        public static void BadConstraint([HttpTrigger(Route = "{a:nothing}")] HttpRequest request) => Assert.NotNull(request);

        [Function("NoTrigger")]
        public static void NoTrigger(HttpRequest request) => Assert.NotNull(request);

        [Function("BadParameter")]
        public static void BadParameter([HttpTrigger] HttpRequest request, string who) => Assert.NotNull(who);

        [Function("BadTimer")]
        public static void BadTimer([TimerTrigger("0 * * * * *")] int timer) => Assert.NotEqual(0, timer);

        [Function("BadResult")]
        public static string BadResult([HttpTrigger] HttpRequest request, [FromBody] string body) => body;

        [Function("SameRoute")]
        public static void SameRoute([HttpTrigger("get", Route = "{a}")] HttpRequest request) => Assert.NotNull(request);

        [Function("OtherRoute")]
        public static void OtherRoute([HttpTrigger("get", "post", Route = "{b}")] HttpRequest request) => Assert.NotNull(request);
    }
}
