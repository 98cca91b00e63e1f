using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>What middleware sees and may do is what it sees and may do in the official worker.</summary>
public sealed class MiddlewareTests
{
    private readonly ConcurrentQueue<string> _seen = new();

    [Fact]
    public async Task ShortCircuit_WithAResult_AnswersInPlaceOfTheFunction()
    {
        await using var host = await StartAsync((context, _) =>
        {
            context.GetInvocationResult().Value = new StatusCodeResult(StatusCodes.Status402PaymentRequired);
            return Task.CompletedTask;
        });

        using var answer = await host.Client.GetAsync("/api/page");

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task ShortCircuit_ThatWritesTheResponse_AnswersInPlaceOfTheFunction()
    {
        await using var host = await StartAsync(async (context, _) =>
        {
            var http = context.GetHttpContext() ?? throw new InvalidOperationException("An HTTP function has one.");
            http.Response.StatusCode = StatusCodes.Status418ImATeapot;
            await http.Response.WriteAsync("short and stout");
        });

        using var answer = await host.Client.GetAsync("/api/page");

        Assert.Equal((418, "short and stout"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task Exception_OfTheFunction_ReachesMiddlewareAsItWasThrownAndMayBeAnswered()
    {
        await using var host = await StartAsync(async (context, next) =>
        {
            try
            {
                await next();
            }
            catch (Exception exception)
            {
                _seen.Enqueue($"{exception.GetType().Name} {exception.Message}");
                context.GetInvocationResult().Value = new ConflictResult();
            }
        });

        using var answer = await host.Client.GetAsync("/api/throws");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(["FormatException as it is"], _seen);
    }

    [Fact]
    public async Task Exception_OfMiddleware_IsTheInvocations()
    {
        await using var host = await StartAsync((_, _) => throw new TimeoutException("mine"));

        using var answer = await host.Client.GetAsync("/api/page");
        var thrown = await Assert.ThrowsAsync<TimeoutException>(() => host.RunTimerAsync("Clock"));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
        Assert.Equal("mine", thrown.Message);
    }

    [Fact]
    public async Task Result_MayBeReplacedAfterTheFunction()
    {
        await using var host = await StartAsync(async (context, next) =>
        {
            await next();
            Assert.IsType<OkResult>(context.GetInvocationResult<IActionResult>().Value);
            Assert.Throws<InvalidOperationException>(() => context.GetInvocationResult<string>());
            context.GetInvocationResult<IActionResult>().Value = new NoContentResult();
        });

        using var answer = await host.Client.GetAsync("/api/page");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(["page"], _seen);
    }

    [Fact]
    public async Task Input_MayBeBoundBeforeTheFunctionAndReplaced()
    {
        await using var host = await StartAsync(async (context, next) =>
        {
            if (context.FunctionDefinition.Name == "Upper")
            {
                var input = await context.BindInputAsync<string>(Assert.Single(context.FunctionDefinition.InputBindings).Value);
                _seen.Enqueue($"bound {input.Value} of {input.BindingMetadata.Name}");
                await Assert.ThrowsAsync<InvalidOperationException>(async () => await context.BindInputAsync<int>(input.BindingMetadata));
                input.Value += "!";
            }

            await next();
        });

        var id = await host.DurableClient.ScheduleNewOrchestrationInstanceAsync("Shout", "loud");
        var end = await host.DurableClient.WaitForInstanceCompletionAsync(id, true).WaitAsync(Hosts.Patience);

        Assert.Equal("LOUD!", end.ReadOutputAs<string>());
        Assert.Contains("bound loud of text", _seen);
    }

    [Fact]
    public async Task Middleware_RunsForEachTurnOfAnOrchestratorAndEachCallOfAnActivity()
    {
        await using var host = await StartAsync(async (context, next) =>
        {
            _seen.Enqueue(context.FunctionDefinition.Name);
            Assert.Null(context.GetHttpContext());
            await next();
        });

        var id = await host.DurableClient.ScheduleNewOrchestrationInstanceAsync("Shout", "loud");
        await host.DurableClient.WaitForInstanceCompletionAsync(id).WaitAsync(Hosts.Patience);

        Assert.Equal(["Shout", "Upper", "Shout"], _seen);
    }

    [Fact]
    public async Task Exception_OfAnActivity_IsSeenByMiddlewareAndFailsTheTaskWithItsType()
    {
        await using var host = await StartAsync(async (context, next) =>
        {
            try
            {
                await next();
            }
            catch (ArgumentException exception)
            {
                throw new InvalidOperationException($"{context.FunctionDefinition.Name}: {exception.Message}", exception);
            }
        });

        var id = await host.DurableClient.ScheduleNewOrchestrationInstanceAsync("Shout", "");
        var end = await host.DurableClient.WaitForInstanceCompletionAsync(id, true).WaitAsync(Hosts.Patience);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        var failure = end.FailureDetails?.InnerFailure;
        Assert.Equal(typeof(InvalidOperationException).FullName, failure?.ErrorType);
        Assert.Equal("Upper: nothing to shout", failure?.ErrorMessage);
        Assert.Equal(typeof(ArgumentException).FullName, failure?.InnerFailure?.ErrorType);
    }

    [Fact]
    public async Task ItemsFeaturesAndScopedServices_AreOneInvocationsOwn()
    {
        await using var host = await StartAsync(async (context, next) =>
        {
            Assert.False(context.Items.ContainsKey("count"));
            Assert.Null(context.Features.Get<Scoped>());
            var scoped = context.InstanceServices.GetRequiredService<Scoped>();
            context.Items["count"] = 1;
            context.Features.Set(scoped);
            await next();
            Assert.Equal(2, context.Items["count"]);
            Assert.Same(scoped, context.InstanceServices.GetRequiredService<Scoped>());
            Assert.False(scoped.IsDisposed);
            _seen.Enqueue($"scope {scoped.Used}");
        });

        using var first = await host.Client.GetAsync("/api/scoped");
        using var second = await host.Client.GetAsync("/api/scoped");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(["scope 1", "scope 1"], _seen);
    }

    [Fact]
    public async Task Body_BoundByMiddleware_IsReadOnce()
    {
        await using var host = await StartAsync(async (context, next) =>
        {
            var body = context.FunctionDefinition.Parameters.Single(parameter => parameter.Name == "word");
            _seen.Enqueue(body.Type.Name);
            await next();
        });

        using var answer = await host.Client.PostAsJsonAsync("/api/body", new Word("spoken"));

        Assert.Equal("spoken", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["Word"], _seen);
    }

    private Task<FunctionsTestHost> StartAsync(Func<FunctionContext, Func<Task>, Task> middleware) => FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
    {
        FunctionTypes = [typeof(Functions), typeof(ScopedFunctions)],
        Builder = args =>
        {
            var builder = FunctionsApplication.CreateBuilder(args).ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton(_seen).AddScoped<Scoped>();
            builder.UseMiddleware(middleware);
            return builder;
        },
    });

    public sealed record Word(string Text);

    public sealed class Scoped : IDisposable
    {
        public int Used { get; set; }

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    public sealed class Functions(ConcurrentQueue<string> seen)
    {
        [Function("Page")]
        public IActionResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
            seen.Enqueue("page");
            return new OkResult();
        }

        [Function("Throws")]
        public static IActionResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => throw new FormatException("as it is");

        [Function("Body")]
        public static IActionResult Body([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, [FromBody] Word word) =>
            new ContentResult { Content = word.Text };

        [Function("Clock")]
        public static void Clock([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("Shout")]
        public static Task<string> ShoutAsync([OrchestrationTrigger] TaskOrchestrationContext context, string text) =>
            context.CallActivityAsync<string>("Upper", text);

        [Function("Upper")]
        public static string Upper([ActivityTrigger] string text) =>
            text.Length > 0 ? text.ToUpperInvariant() : throw new ArgumentException("nothing to shout");
    }

    public sealed class ScopedFunctions(Scoped scoped)
    {
        [Function("Scoped")]
        public IActionResult Use([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
        {
            scoped.Used++;
            context.Items["count"] = (int)context.Items["count"] + 1;
            return context.Features.Get<Scoped>() == scoped ? new OkResult() : new ConflictResult();
        }
    }
}
