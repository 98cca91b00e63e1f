using System.Runtime.CompilerServices;
using DrFunctions.LocalRuntime.Testing;
using DrFunctions.Testing.Files;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>An app with many mistakes is refused once, with all of them.</summary>
public sealed class RefusalTests
{
    private const string HostJson = """
        {
          "version": "1.0",
          "version": "2.0",
          "functionTimeout": "soon",
          "logging": { "logLevel": { "default": "Loud" } },
          "extensions": {
            "http": { "routePrefix": "admin", "maxOutstandingRequests": 0, "customHeaders": { "a b": "c" } },
            "durableTask": { "hubName": "%Missing__Hub%", "maxConcurrentActivityFunctions": { "all": 1 }, "storageProvider": "mine" }
          }
        }
        """;

    private const string LocalSettings = """
        {
          "IsEncrypted": true,
          "Values": { "A": null, "B": [ ] },
          "Host": { "LocalHttpPort": "seventy" }
        }
        """;

    private const string Nested = "DrFunctions.LocalRuntime.Hosting.BrokenApp+";

    // Of each problem how it begins; {n} stands for a line of BrokenApp.cs.
    private static readonly string[] Expected =
    [
        "host.json:3: 'version' is given twice",
        "host.json:4: 'functionTimeout' is 'soon', expected a time span of up to 49 days such as 00:10:00, or -1 for no limit",
        "host.json:5: 'logging:logLevel:default' is 'Loud', expected Trace, Debug, Information, Warning, Error, Critical, None",
        "host.json:7: 'extensions:http:routePrefix' is 'admin', expected a path such as api, without parameters, and not that of the host (admin, runtime)",
        "host.json:7: 'extensions:http:maxOutstandingRequests' is '0', expected a whole number above 0, or -1 for no limit",
        "host.json:7: 'extensions:http:customHeaders:a b' is not the name of a header",
        "host.json:8: 'extensions:durableTask:hubName' needs the setting 'Missing__Hub', which is not set: add it to local.settings.json or the environment",
        "host.json:8: 'extensions:durableTask:maxConcurrentActivityFunctions' has members, expected a whole number above 0",
        "host.json:8: 'extensions:durableTask:storageProvider' is 'mine', expected an object",
        "local.settings.json:2: 'IsEncrypted' is true, expected false: encrypted settings cannot be read",
        "local.settings.json:3: 'Values:A' is null, expected a string",
        "local.settings.json:3: 'Values:B' is an array, expected a string",
        "local.settings.json:4: 'Host:LocalHttpPort' is 'seventy', expected a port from 0 (any free one) to 65535",
        At("Names.Digit", "the function name '1st' is not valid: expected a letter, then up to 127 letters, digits, '_' or '-'"),
        At("Names.Reserved", "the function name 'Host' is reserved by the host"),
        At("Names.OtherTwin", "the function name 'TWIN' is also that of BrokenApp.cs:{n} DrFunctions.LocalRuntime.Hosting.BrokenApp+Names.Twin: names are compared ignoring case"),
        At("Names.TooLong", "the function name 'Long234567890"),
        At("Signatures.NoTrigger", "function 'NoTrigger' has no trigger: expected one parameter with HttpTrigger, "),
        At("Signatures.TwoTriggers", "function 'TwoTriggers' has several triggers (request, timer): expected exactly one"),
        At("Signatures.AsyncVoid", "function 'AsyncVoid' is async void, expected Task: nobody could await it"),
        At("Signatures.NotPublic", "function 'NotPublic' is not public: "),
        At("Signatures.Generic", "function 'Generic' is generic, or its class is: "),
        At("Signatures.ByReference, parameter 'count' of type Int32&", "is passed by reference, expected a value"),
        At("Signatures.ByReference, parameter 'count' of type Int32&", "nothing gives it a value, expected FunctionContext, CancellationToken or [DurableClient] DurableTaskClient"),
        At("Signatures.BadResult", "function 'BadResult' returns String, expected IActionResult, IResult, or nothing"),
        At("Signatures.TaskOfTask", "function 'TaskOfTask' returns Task`1 of Task, expected a value or one task"),
        At("GenericClass`1.Run", "function 'GenericClass' is generic, or its class is: "),
        At("AbstractClass.Run", "function 'AbstractClass' is an instance method of an abstract class: "),
        At("Hidden.Run", "function 'Hidden' is in a class that is not public: "),
        At("Routes.Unbalanced", "function 'BadRoute' has the route '{a': There is an incomplete parameter in the route template."),
        At("Routes.Constraint", "function 'BadConstraint' has the route '{a:nothing}': the constraint 'nothing' is not known"),
        At("Routes.Twice", "function 'DoubleParameter' has the route '{a}/{a}': The route parameter name 'a' appears more than one time"),
        At("Routes.CatchAll", "function 'CatchAll' has the route '{*all}/more': A catch-all parameter can only appear as the last segment"),
        At("Routes.Slash", "function 'Slash' has the route '/slash': it begins with '/', which the official worker cannot map"),
        At("Routes.Admin", "function 'Reserved' has the route 'admin/things': the host reserves routes that begin with 'admin'"),
        At("Routes.Runtime", "function 'RuntimeState' has the route 'RuntimeState': the host reserves routes that begin with 'runtime'"),
        At("Routes.Method", "function 'BadMethod' has the HTTP method 'ANONYMOUS', expected GET, HEAD, "),
        At("Routes.Level", "function 'UserLevel' asks for level User, expected Anonymous, Function, System or Admin"),
        At("Routes.Setting", "function 'RouteSetting' has a route that needs the setting 'Missing__Route', which is not set"),
        At("Routes.Other", "function 'OtherRoute' has the route 'api/SAME/{b}' and 'SameRoute' (BrokenApp.cs:{n} " + Nested + "Routes.Same) has 'api/same/{a}': both match GET /api/SAME/a"),
        At("Routes.Numbers", "function 'Numbers' has the route 'api/numbers/{n:int}' and 'SmallNumbers' (BrokenApp.cs:{n} " + Nested + "Routes.Small) has 'api/numbers/{n:range(1,50)}': both match GET /api/numbers/1"),
        At("Schedules.NoSetting", "function 'NoSetting' has a schedule that needs the setting 'Missing__Schedule', which is not set"),
        At("Schedules.BadHour", "function 'BadHour' has the schedule '0 0 99 * * *': 99 is higher than the maximum allowable value for the [Hour] field. Value must be between 0 and 23"),
        At("Schedules.BadWord", "function 'BadWord' has the schedule '0 0 0 * foo *': 'foo' is not a valid [Month] crontab field"),
        At("Schedules.FewFields", "function 'FewFields' has the schedule '* *': it has 2 fields, expected six (second minute hour day month day-of-week), or a time span such as 00:00:30"),
        At("Schedules.Never", "function 'Never' has the schedule '0 0 0 30 2 *': no date is ever like that"),
        At("Schedules.BadPause", "function 'BadPause' has the schedule '00:99:00': expected a time span from one second to a year"),
        At("Parameters.Unbound, parameter 'who' of type String", "expected HttpRequest, [FromBody] of Microsoft.Azure.Functions.Worker.Http, or a name in the route 'api/Unbound'"),
        At("Parameters.Body, parameter 'body' of type String", "expected HttpRequest, or [FromBody] of Microsoft.Azure.Functions.Worker.Http"),
        At("Parameters.Context, parameter 'context' of type HttpContext", "the official worker leaves it null, expected HttpRequest, which has the HttpContext"),
        At("Parameters.Services, parameter 'time' of type TimeProvider", "[FromServices] gives nothing on Azure: take the service in the constructor of the class"),
        At("Parameters.Keyed, parameter 'time' of type TimeProvider", "[FromKeyedServices] gives nothing on Azure: take the service in the constructor of the class"),
        At("Parameters.MvcBody, parameter 'body' of type String", "[FromBody] gives nothing on Azure: use FromBody of Microsoft.Azure.Functions.Worker.Http"),
        At("Parameters.MvcQuery, parameter 'page' of type String", "[FromQuery] gives nothing on Azure: read it from the HttpRequest"),
        At("Parameters.MvcRoute, parameter 'id' of type String", "[FromRoute] gives nothing on Azure: give the parameter the name of the route's value, without an attribute"),
        At("Parameters.RouteEnum, parameter 'day' of type DayOfWeek", "the official worker converts a route's value to text, numbers, bool, Guid, DateTime and DateTimeOffset only"),
        At("Parameters.BadTimer, parameter 'timer' of type Int32", "expected TimerInfo"),
        At("Parameters.NotBatched, parameter 'events' of type String", "expected an array, since IsBatched is true"),
        At("Durable.NoContext, parameter 'input' of type String", "expected TaskOrchestrationContext"),
        At("Durable.Second", "function 'Second' is the activity 'Work', and so is 'First' (BrokenApp.cs:{n} " + Nested + "Durable.First)"),
        At("Durable.Client, parameter 'client' of type DurableTaskClient", "needs [DurableClient]"),
        At("Durable.OtherType, parameter 'client' of type String", "expected DurableTaskClient"),
        At("Durable.OtherHub, parameter 'client' of type DurableTaskClient", "TaskHub is 'Elsewhere', expected none or 'TestHubName' of host.json: the local runtime has one hub"),
        At("Durable.NoConnection, parameter 'client' of type DurableTaskClient", "ConnectionName is 'Nowhere', and there is no setting of that name"),
        Nested + "ClassOrchestrator: is a class-based orchestrator, which the worker does not see: write a method with [Function] and [OrchestrationTrigger] TaskOrchestrationContext",
        Nested + "ClassActivity: is a class-based activity, which the worker does not see: write a method with [Function] and [ActivityTrigger]",
        Nested + "TwoConstructors: has 2 public constructors, expected one",
        Nested + "Unregistered, constructor parameter 'missing': System.Uri is not registered",
        "Unable to resolve service for type 'System.Uri' while attempting to activate '" + Nested + "Uses'.",
    ];

    [Fact]
    public async Task Start_OfAnAppWithEveryMistake_TellsThemAllAtOnceWithFileAndMember()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("host.json"), HostJson);
        await File.WriteAllTextAsync(folder.Combine("local.settings.json"), LocalSettings);

        var exception = await Assert.ThrowsAsync<StartupException>(() => FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [.. BrokenApp.Types, typeof(BrokenApp.Unregistered)],
            ContentRoot = folder.Path,
            ReadsLocalSettings = true,
            ConfigureServices = services => services.AddSingleton<BrokenApp.Uses>(),
        }));

        var found = exception.Problems.Select(WithoutLines).ToList();
        var missing = Expected.Where(start => !found.Any(problem => problem.StartsWith(start, StringComparison.Ordinal)));
        var surplus = found.Where(problem => !Expected.Any(start => problem.StartsWith(start, StringComparison.Ordinal)));
        var differences = missing.Select(text => "missing: " + text).Concat(surplus.Select(text => "surplus: " + text)).ToList();
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
        Assert.Equal(Expected.Length, found.Count);
        Assert.StartsWith($"The function app cannot start, {Expected.Length} problems:", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problem_OfAFunction_NamesTheLineOfItsMethod()
    {
        var exception = await Assert.ThrowsAsync<StartupException>(() => Hosts.StartAsync<OneMistake>());

        var line = LineOf();
        Assert.StartsWith(
            $"RefusalTests.cs:{line} DrFunctions.LocalRuntime.Hosting.RefusalTests+OneMistake.RunAsync, parameter 'who' of type String: ",
            Assert.Single(exception.Problems),
            StringComparison.Ordinal);
    }

    private static string At(string member, string problem) => $"BrokenApp.cs:{{n}} {Nested}{member}: {problem}";

    private static string WithoutLines(string problem) =>
        System.Text.RegularExpressions.Regex.Replace(problem, @"BrokenApp\.cs:\d+", "BrokenApp.cs:{n}");

    private static int LineOf([CallerFilePath] string path = "") =>
        Array.FindIndex(File.ReadAllLines(path), text => text.EndsWith("// here", StringComparison.Ordinal)) + 1;

    public sealed class OneMistake
    {
        [Function("Async")]
        public static async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, string who) =>
            await Task.Yield(); // here
    }
}
