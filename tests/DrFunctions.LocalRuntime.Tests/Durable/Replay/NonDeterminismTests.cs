using System.Net;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>An orchestrator whose code does not do what its history says fails with both events and its name, and repeats no effect.</summary>
public sealed class NonDeterminismTests
{
    private const string A = "TaskScheduled #0 (activity 'A')";
    private const string B = "TaskScheduled #0 (activity 'B')";
    private const string Timer = "TimerCreated #0";
    private const string Child = "SubOrchestrationScheduled #0 (orchestrator 'Child')";
    private const string Sent = "EventSent #0 (event 'word' to 'ear')";

    private static readonly Func<TaskOrchestrationContext, Task> Nothing = _ => Task.CompletedTask;
    private static readonly Func<TaskOrchestrationContext, Task> CallA = context => context.CallActivityAsync("A");
    private static readonly Func<TaskOrchestrationContext, Task> CallB = context => context.CallActivityAsync("B");
    private static readonly Func<TaskOrchestrationContext, Task> CallChild = context => context.CallSubOrchestratorAsync("Child");
    private static readonly Func<TaskOrchestrationContext, Task> Sleep =
        context => context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);

    private static readonly Dictionary<string, Change> Changes = new()
    {
        ["other name"] = new(CallA, CallB, A, B),
        ["sub-orchestration for an activity"] = new(CallA, CallChild, A, Child),
        ["activity for a sub-orchestration"] = new(CallChild, CallA, Child, A),
        ["timer for an activity"] = new(CallA, Sleep, A, Timer),
        ["activity for a timer"] = new(Sleep, CallA, Timer, A),
        ["event for an activity"] = new(CallA, Send("ear", "word"), A, Sent),
        ["other order"] = new(Both(CallA, CallB), Both(CallB, CallA), A, B),
        ["missing"] = new(CallA, Nothing, A, null),
        ["one of two missing"] = new(Both(CallA, CallB), CallA, "TaskScheduled #1 (activity 'B')", null),
        ["surplus"] = new(Nothing, CallA, "no further action in this turn", A),
        ["second surplus"] = new(CallA, Both(CallA, CallB), "no further action in this turn", "TaskScheduled #1 (activity 'B')"),
        ["later than it was"] = new(CallA, After("go", CallA), A, null),
        ["other sub-orchestration"] = new(
            CallChild, context => context.CallSubOrchestratorAsync("Other"), Child, "SubOrchestrationScheduled #0 (orchestrator 'Other')"),
        ["event to another instance"] = new(Send("ear", "word"), Send("eye", "word"), Sent, "EventSent #0 (event 'word' to 'eye')"),
        ["other event"] = new(Send("ear", "word"), Send("ear", "sign"), Sent, "EventSent #0 (event 'sign' to 'ear')"),
    };

    private static readonly Dictionary<string, Func<TaskOrchestrationContext, Task>> Foreign = new()
    {
        ["a delay"] = _ => Task.Delay(1),
        ["another thread's task"] = _ => Task.Run(() => 1),
        ["a task that never ends"] = _ => new TaskCompletionSource().Task,
        ["an activity without the context's scheduler"] = async context => await context.CallActivityAsync("B").ConfigureAwait(false),
        ["I/O"] = async _ =>
        {
            using var http = new HttpClient(new LocalHandler());
            await http.GetAsync(new Uri("http://localhost/"));
        },
    };

    public static TheoryData<string> ChangeNames => [.. Changes.Keys];

    public static TheoryData<string> ForeignNames => [.. Foreign.Keys];

    [Theory]
    [MemberData(nameof(ChangeNames))]
    public async Task Orchestrator_DoesOtherThanItsHistory_FailsWithBothEventsAndItsName(string name)
    {
        var change = Changes[name];
        await using var world = NewWorld();
        world.App.Orchestrator("Fickle", Then(change.Before));
        var host = await world.StartHoldingAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Fickle", new StartOrchestrationOptions("f"));
        await world.UntilAsync(() => host.Client.GetInstanceAsync("f", true).Result!.SerializedCustomStatus == "\"waits\"");
        var calls = world.App.Calls.ToList();

        world.App.Orchestrator("Fickle", Then(change.After));
        await host.Client.RaiseEventAsync("f", "go");
        var end = await world.EndOfAsync(host, "f");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.StartsWith(
            $"Orchestrator 'Fickle' (instance 'f') is not deterministic: its history has {change.Recorded}, "
            + $"but its code asked for {change.Asked ?? "nothing"}.",
            end.FailureDetails!.ErrorMessage,
            StringComparison.Ordinal);
        Assert.Equal(calls, world.App.Calls);
        Assert.Contains(
            world.Log.Entries, entry => entry.Id == 2012 && entry.Text.Contains(change.Recorded, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ForeignNames))]
    public async Task Orchestrator_AwaitsWhatItsContextDidNotGiveOut_FailsWithItsName(string name)
    {
        await using var world = NewWorld();
        world.App.Orchestrator("Impure", async context =>
        {
            await context.CallActivityAsync("A");
            await Foreign[name](context);
            return await context.CallActivityAsync<string>("A");
        });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Impure", id: "i");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.StartsWith(
            "Orchestrator 'Impure' (instance 'i') awaits something that its context did not give out.",
            end.FailureDetails!.ErrorMessage,
            StringComparison.Ordinal);
        Assert.Single(world.App.Calls, "A()");
    }

    [Fact]
    public async Task Orchestrator_UsesItsContextOnAnotherThread_IsRefusedThereAndAsksForNothing()
    {
        await using var world = NewWorld();
        var refused = new List<string>();
        world.App.Orchestrator("Hops", context =>
        {
            Action[] uses =
            [
                () => context.CallActivityAsync("A").GetAwaiter().GetResult(),
                () => context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None),
                () => context.WaitForExternalEvent<string>("go"),
                () => context.SendEvent("ear", "word", 1),
                () => context.SetCustomStatus("elsewhere"),
                () => context.ContinueAsNew(),
                () => context.NewGuid(),
            ];
            var thread = new Thread(() => refused.AddRange(uses.Select(use => Record.Exception(use)?.Message ?? "not refused")));
            thread.Start();
            thread.Join();
            return Task.FromResult<object?>("ended");
        });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Hops");

        Assert.Equal(7, refused.Count);
        Assert.All(refused, message => Assert.StartsWith("Orchestrator 'Hops' used its context on another thread", message, StringComparison.Ordinal));
        Assert.Equal("ended", end.ReadOutputAs<string>());
        Assert.Null(end.SerializedCustomStatus);
        Assert.Empty(world.App.Calls);
    }

    private static DurableWorld NewWorld()
    {
        var world = new DurableWorld();
        world.App.Activity("A", _ => "a").Activity("B", _ => "b");
        world.App.Orchestrator("Child", _ => Task.FromResult<object?>(null)).Orchestrator("Other", _ => Task.FromResult<object?>(null));
        return world;
    }

    private static Func<TaskOrchestrationContext, Task<object?>> Then(Func<TaskOrchestrationContext, Task> code) => async context =>
    {
        await code(context);
        context.SetCustomStatus("waits");
        await context.WaitForExternalEvent<string>("go");
        return "no difference was found";
    };

    private static Func<TaskOrchestrationContext, Task> Both(
        Func<TaskOrchestrationContext, Task> one, Func<TaskOrchestrationContext, Task> two) => context => Task.WhenAll(one(context), two(context));

    private static Func<TaskOrchestrationContext, Task> After(string eventName, Func<TaskOrchestrationContext, Task> code) => async context =>
    {
        await context.WaitForExternalEvent<string>(eventName);
        await code(context);
    };

    private static Func<TaskOrchestrationContext, Task> Send(string instanceId, string eventName) => context =>
    {
        context.SendEvent(instanceId, eventName, "x");
        return Task.CompletedTask;
    };

    private sealed record Change(
        Func<TaskOrchestrationContext, Task> Before, Func<TaskOrchestrationContext, Task> After, string Recorded, string? Asked);

    private sealed class LocalHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            await Task.Delay(1, ct).ConfigureAwait(false);
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
