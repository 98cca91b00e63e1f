using System.Collections.Concurrent;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DrFunctions.LocalRuntime.Invocation;

public sealed class FunctionPipelineTests
{
    private readonly Trail _trail = new();

    [Fact]
    public async Task Middleware_RunsInTheOrderItWasAddedAroundTheFunction()
    {
        await using var host = await StartAsync();

        Assert.Equal("seen", await host.Client.GetStringAsync("/api/target"));

        Assert.Equal(["first", "class", "Target", "target", "class ends", "first ends"], _trail.Steps);
    }

    [Fact]
    public async Task Middleware_WithACondition_RunsOnlyWhereItHolds()
    {
        await using var host = await StartAsync();

        await host.RunTimerAsync("Timer");

        Assert.Equal(["first", "class", "Timer", "only timers", "timer", "class ends", "first ends"], _trail.Steps);
    }

    private Task<FunctionsTestHost> StartAsync() => FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
    {
        FunctionTypes = [typeof(Functions)],
        Builder = args =>
        {
            var builder = FunctionsApplication.CreateBuilder(args).ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton(_trail);
            builder.UseMiddleware(async (_, next) =>
            {
                _trail.Steps.Enqueue("first");
                await next();
                _trail.Steps.Enqueue("first ends");
            });
            builder.UseMiddleware<Recorder>();
            builder.UseWhen(context => context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "timerTrigger"), (_, next) =>
            {
                _trail.Steps.Enqueue("only timers");
                return next();
            });
            return builder;
        },
    });

    public sealed class Trail
    {
        public ConcurrentQueue<string> Steps { get; } = new();
    }

    public sealed class Recorder(Trail trail) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            trail.Steps.Enqueue("class");
            trail.Steps.Enqueue(context.FunctionDefinition.Name);
            context.Items["by"] = "seen";
            await next(context);
            trail.Steps.Enqueue("class ends");
        }
    }

    public sealed class Functions(Trail trail)
    {
        [Function("Target")]
        public IActionResult Target([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
        {
            trail.Steps.Enqueue("target");
            return new ContentResult { Content = (string)context.Items["by"] };
        }

        [Function("Timer")]
        public void Timer([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => trail.Steps.Enqueue("timer");
    }
}
