using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using HttpBody = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>An app with every mistake that is refused at the start.</summary>
public static class BrokenApp
{
    public static readonly IReadOnlyList<Type> Types =
    [
        typeof(Names), typeof(Signatures), typeof(GenericClass<>), typeof(AbstractClass), typeof(Hidden), typeof(Routes),
        typeof(Schedules), typeof(Parameters), typeof(Durable), typeof(ClassOrchestrator), typeof(ClassActivity), typeof(TwoConstructors),
    ];

    public static class Names
    {
        [Function("1st")]
        public static void Digit([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("Host")]
        public static void Reserved([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("Twin")]
        public static void Twin([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("TWIN")]
        public static void OtherTwin([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("Long23456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456")]
        public static void TooLong([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);
    }

    public static class Signatures
    {
        [Function("NoTrigger")]
        public static void NoTrigger(HttpRequest request) => Assert.NotNull(request);

        [Function("TwoTriggers")]
        public static void TwoTriggers([HttpTrigger] HttpRequest request, [TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("AsyncVoid")]
#pragma warning disable VSTHRD100 // The mistake that is tested.
        public static async void AsyncVoid([TimerTrigger("0 * * * * *")] TimerInfo timer) => await Task.CompletedTask;
#pragma warning restore VSTHRD100

        [Function("NotPublic")]
        internal static void NotPublic([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("Generic")]
        public static void Generic<T>([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(typeof(T));

        [Function("ByReference")]
        public static void ByReference([TimerTrigger("0 * * * * *")] TimerInfo timer, ref int count) => count++;

        [Function("BadResult")]
        public static string BadResult([HttpTrigger] HttpRequest request, [HttpBody] string body) => body;

        [Function("TaskOfTask")]
        public static Task<Task> TaskOfTask([TimerTrigger("0 * * * * *")] TimerInfo timer) => Task.FromResult(Task.CompletedTask);
    }

    public sealed class GenericClass<T>
    {
        [Function("GenericClass")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(this);
    }

    public abstract class AbstractClass
    {
        [Function("AbstractClass")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(this);
    }

    internal static class Hidden
    {
        [Function("Hidden")]
        public static void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);
    }

    public static class Routes
    {
        [Function("BadRoute")]
        public static void Unbalanced([HttpTrigger(Route = "{a")] HttpRequest request) => Assert.NotNull(request);

        [Function("BadConstraint")]
        public static void Constraint([HttpTrigger(Route = "{a:nothing}")] HttpRequest request) => Assert.NotNull(request);

        [Function("DoubleParameter")]
        public static void Twice([HttpTrigger(Route = "{a}/{a}")] HttpRequest request) => Assert.NotNull(request);

        [Function("CatchAll")]
        public static void CatchAll([HttpTrigger(Route = "{*all}/more")] HttpRequest request) => Assert.NotNull(request);

        [Function("Slash")]
        public static void Slash([HttpTrigger(Route = "/slash")] HttpRequest request) => Assert.NotNull(request);

        [Function("Reserved")]
        public static void Admin([HttpTrigger(Route = "admin/things")] HttpRequest request) => Assert.NotNull(request);

        [Function("RuntimeState")]
        public static void Runtime([HttpTrigger] HttpRequest request) => Assert.NotNull(request);

        [Function("BadMethod")]
        public static void Method([HttpTrigger("Anonymous", "get")] HttpRequest request) => Assert.NotNull(request);

        [Function("UserLevel")]
        public static void Level([HttpTrigger(AuthorizationLevel.User)] HttpRequest request) => Assert.NotNull(request);

        [Function("RouteSetting")]
        public static void Setting([HttpTrigger(Route = "%Missing__Route%")] HttpRequest request) => Assert.NotNull(request);

        [Function("SameRoute")]
        public static void Same([HttpTrigger("get", Route = "same/{a}")] HttpRequest request) => Assert.NotNull(request);

        [Function("OtherRoute")]
        public static void Other([HttpTrigger("get", "post", Route = "SAME/{b}")] HttpRequest request) => Assert.NotNull(request);

        [Function("SmallNumbers")]
        public static void Small([HttpTrigger("get", Route = "numbers/{n:range(1,50)}")] HttpRequest request) => Assert.NotNull(request);

        [Function("Numbers")]
        public static void Numbers([HttpTrigger(Route = "numbers/{n:int}")] HttpRequest request) => Assert.NotNull(request);

        // Not ambiguous: other methods, a literal, a constraint that excludes the other.
        [Function("OtherMethod")]
        public static void OtherMethod([HttpTrigger("put", Route = "same/{a}")] HttpRequest request) => Assert.NotNull(request);

        [Function("Literal")]
        public static void Literal([HttpTrigger("get", Route = "same/one")] HttpRequest request) => Assert.NotNull(request);

        [Function("Letters")]
        public static void Letters([HttpTrigger("get", Route = "numbers/{n:alpha}")] HttpRequest request) => Assert.NotNull(request);
    }

    public static class Schedules
    {
        [Function("NoSetting")]
        public static void NoSetting([TimerTrigger("%Missing__Schedule%")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("BadHour")]
        public static void BadHour([TimerTrigger("0 0 99 * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("BadWord")]
        public static void BadWord([TimerTrigger("0 0 0 * foo *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("FewFields")]
        public static void FewFields([TimerTrigger("* *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("Never")]
        public static void Never([TimerTrigger("0 0 0 30 2 *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("BadPause")]
        public static void BadPause([TimerTrigger("00:99:00")] TimerInfo timer) => Assert.NotNull(timer);
    }

    public static class Parameters
    {
        [Function("Unbound")]
        public static void Unbound([HttpTrigger] HttpRequest request, string who) => Assert.NotNull(who);

        [Function("BodyWithoutAttribute")]
        public static void Body([HttpTrigger] string body) => Assert.NotNull(body);

        [Function("Context")]
        public static void Context([HttpTrigger] HttpRequest request, HttpContext context) => Assert.NotNull(context);

        [Function("Services")]
        public static void Services([HttpTrigger] HttpRequest request, [FromServices] TimeProvider time) => Assert.NotNull(time);

        [Function("Keyed")]
        public static void Keyed([HttpTrigger] HttpRequest request, [FromKeyedServices("a")] TimeProvider time) => Assert.NotNull(time);

        [Function("MvcBody")]
        public static void MvcBody([HttpTrigger] HttpRequest request, [FromBody] string body) => Assert.NotNull(body);

        [Function("MvcQuery")]
        public static void MvcQuery([HttpTrigger] HttpRequest request, [FromQuery] string page) => Assert.NotNull(page);

        [Function("MvcRoute")]
        public static void MvcRoute([HttpTrigger(Route = "mvc/{id}")] HttpRequest request, [FromRoute] string id) => Assert.NotNull(id);

        [Function("RouteEnum")]
        public static void RouteEnum([HttpTrigger(Route = "days/{day}")] HttpRequest request, DayOfWeek day) => Assert.NotEqual(DayOfWeek.Monday, day);

        [Function("BadTimer")]
        public static void BadTimer([TimerTrigger("0 * * * * *")] int timer) => Assert.NotEqual(0, timer);

        [Function("NotBatched")]
        public static void NotBatched([EventGridTrigger(IsBatched = true)] string events) => Assert.NotNull(events);
    }

    public static class Durable
    {
        [Function("NoContext")]
        public static void NoContext([OrchestrationTrigger] string input) => Assert.NotNull(input);

        [Function("First")]
        public static void First([ActivityTrigger(Activity = "Work")] string input) => Assert.NotNull(input);

        [Function("Second")]
        public static void Second([ActivityTrigger(Activity = "work")] string input) => Assert.NotNull(input);

        [Function("ClientWithoutAttribute")]
        public static void Client([TimerTrigger("0 * * * * *")] TimerInfo timer, DurableTaskClient client) => Assert.NotNull(client);

        [Function("ClientOfOtherType")]
        public static void OtherType([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] string client) => Assert.NotNull(client);

        [Function("ClientOfOtherHub")]
        public static void OtherHub([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient(TaskHub = "Elsewhere")] DurableTaskClient client) => Assert.NotNull(client);

        [Function("ClientOfNoConnection")]
        public static void NoConnection([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient(ConnectionName = "Nowhere")] DurableTaskClient client) => Assert.NotNull(client);
    }

    public sealed class ClassOrchestrator : TaskOrchestrator<string, string>
    {
        public override Task<string> RunAsync(TaskOrchestrationContext context, string input) => Task.FromResult(input);
    }

    public sealed class ClassActivity : TaskActivity<string, string>
    {
        public override Task<string> RunAsync(TaskActivityContext context, string input) => Task.FromResult(input);
    }

    public sealed class TwoConstructors
    {
        private readonly Uri? _uri;

        public TwoConstructors()
        {
        }

        public TwoConstructors(Uri uri) => _uri = uri;

        [Function("TwoConstructors")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.Null(_uri);
    }

    /// <summary>Given with the others, since its name is not a function's.</summary>
    public sealed class Unregistered(Uri missing, Uses uses)
    {
        [Function("Unregistered")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(missing ?? uses.Missing);
    }

    public sealed class Uses(Uri missing)
    {
        public Uri Missing { get; } = missing;
    }
}
