using System.Diagnostics;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Telemetry;
using DrFunctions.LocalRuntime.Tests.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.Tracing;

public sealed class OrchestrationTraceTests : IDisposable
{
    private readonly RecordedSpans _recorded = new();

    public void Dispose() => _recorded.Dispose();

    [Fact]
    public async Task Orchestration_WithEveryKindOfTask_IsOneTreeWithoutDuplicates()
    {
        await using var world = World();
        var host = await world.StartHoldingAsync();

        var id = await StartAsync(host, "Parent");
        var end = await world.EndOfAsync(host, id);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        await EndedAsync("orchestration:Parent");
        Assert.Equal(
            [
                "Producer create_orchestration:Parent",
                "  Server orchestration:Parent",
                "    Client activity:Fail",
                "      Server activity:Fail",
                "    Client activity:Work",
                "      Server activity:Work",
                "    Client activity:Work",
                "      Server activity:Work",
                "    Client orchestration:Child",
                "      Server orchestration:Child",
                "        Client activity:Work",
                "          Server activity:Work",
                "    Internal orchestration:Parent:timer",
                "    Producer orchestration_event:heard",
            ],
            _recorded.Tree());
    }

    [Fact]
    public async Task Spans_SayWhatTheOfficialOnesSay()
    {
        await using var world = World();
        var host = await world.StartHoldingAsync();

        var id = await StartAsync(host, "Parent");
        await world.EndOfAsync(host, id);
        await EndedAsync("orchestration:Parent");

        var orchestration = _recorded.Single("orchestration:Parent", ActivityKind.Server);
        Assert.Equal("orchestration", orchestration.GetTagItem("durabletask.type"));
        Assert.Equal("Parent", orchestration.GetTagItem("durabletask.task.name"));
        Assert.Equal(id, orchestration.GetTagItem("durabletask.task.instance_id"));
        Assert.Equal("Completed", orchestration.GetTagItem("durabletask.task.status"));
        Assert.Equal(ActivityStatusCode.Unset, orchestration.Status);
        var timer = _recorded.Single("orchestration:Parent:timer", ActivityKind.Internal);
        Assert.Equal("timer", timer.GetTagItem("durabletask.type"));
        Assert.InRange(timer.Duration, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
        Assert.True(orchestration.Duration >= timer.Duration);
        var failed = _recorded.Single("activity:Fail", ActivityKind.Client);
        Assert.Equal(ActivityStatusCode.Error, failed.Status);
        Assert.Equal(typeof(InvalidOperationException).FullName, failed.GetTagItem("error.type"));
        Assert.DoesNotContain(_recorded.Spans, span => span.TagObjects.Any(tag => tag.Value?.ToString()?.Contains("secret", StringComparison.Ordinal) == true));
        Assert.DoesNotContain(_recorded.Spans, span => span.StatusDescription is not null || span.Events.Any());
        Assert.Equal("there", _recorded.Single("orchestration_event:heard", ActivityKind.Producer).GetTagItem("durabletask.event.target_instance_id"));
    }

    [Fact]
    public async Task Orchestration_WhoseHostDies_KeepsItsSpanAndReportsItOnce()
    {
        await using var world = new DurableWorld();
        var begun = new TaskCompletionSource();
        var parents = new List<ActivitySpanId>();
        world.App
            .Orchestrator("Two", async context =>
            {
                await context.CallActivityAsync("First");
                await context.CallActivityAsync("Second");
                return null;
            })
            .Activity("First", (_, _) => Seen())
            .Activity("Second", async (_, ct) =>
            {
                await Seen();
                if (begun.TrySetResult())
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, ct);
                }

                return null;
            });
        var dying = await world.StartHoldingAsync();
        var id = await StartAsync(dying, "Two");
        await world.UntilAsync(() => begun.Task.IsCompleted);
        var started = world.Time.GetUtcNow();
        await dying.KillAsync();
        var next = await world.StartHoldingAsync();
        await world.EndOfAsync(next, id);
        await EndedAsync("orchestration:Two");

        var orchestration = _recorded.Single("orchestration:Two", ActivityKind.Server);
        Assert.True(orchestration.StartTimeUtc <= started.UtcDateTime, "It began before the host died.");
        Assert.Equal(orchestration.SpanId, _recorded.Single("activity:First", ActivityKind.Client).ParentSpanId);
        var second = _recorded.Single("activity:Second", ActivityKind.Client);
        Assert.Equal(orchestration.SpanId, second.ParentSpanId);
        Assert.Equal(3, parents.Count); // The second ran twice, each time below the same span.
        Assert.Equal([second.SpanId, second.SpanId], parents[1..]);

        Task<object?> Seen()
        {
            parents.Add(Activity.Current!.ParentSpanId); // An activity has a span.
            return Task.FromResult<object?>(null);
        }
    }

    [Fact]
    public async Task Orchestration_ThatContinuesAsNew_HasASpanForEachExecution()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Again", context =>
        {
            var left = context.GetInput<int>();
            if (left > 0)
            {
                context.ContinueAsNew(left - 1);
            }

            return Task.FromResult<object?>(left);
        });
        var host = await world.StartHoldingAsync();

        var id = await StartAsync(host, "Again", 2);
        await world.EndOfAsync(host, id);
        await EndedAsync("orchestration:Again", 3);

        var executions = _recorded.Spans.Where(span => span.OperationName == "orchestration:Again").ToList();
        Assert.Equal(["ContinuedAsNew", "ContinuedAsNew", "Completed"], executions.Select(span => span.GetTagItem("durabletask.task.status")));
        Assert.Equal(3, executions.Select(span => span.SpanId).Distinct().Count());
        Assert.All(executions, span => Assert.Equal(_recorded.Single("create_orchestration:Again", ActivityKind.Producer).SpanId, span.ParentSpanId));
    }

    [Fact]
    public async Task Orchestration_ThatIsTerminated_IsReportedWithItsStatusAndWhatItHeardAsLinks()
    {
        await using var world = new DurableWorld();
        world.App
            .Orchestrator("Wait", async context =>
            {
                await context.WaitForExternalEvent<string>("go");
                await context.CallActivityAsync("Heard");
                await context.WaitForExternalEvent<string>("never");
                return null;
            })
            .Activity("Heard", _ => null);
        var host = await world.StartHoldingAsync();
        var id = await StartAsync(host, "Wait");
        await world.UntilAsync(host.Client.WaitForInstanceStartAsync(id));
        using (Spans.Unrecorded("somebody", _recorded.Cause))
        {
            await host.Client.RaiseEventAsync(id, "go", "on");
        }

        await world.UntilAsync(() => !world.App.Calls.IsEmpty);
        await host.Client.TerminateInstanceAsync(id);
        await world.EndOfAsync(host, id);
        await EndedAsync("orchestration:Wait");

        var orchestration = _recorded.Single("orchestration:Wait", ActivityKind.Server);
        Assert.Equal("Terminated", orchestration.GetTagItem("durabletask.task.status"));
        Assert.Equal(_recorded.Single("orchestration_event:go", ActivityKind.Producer).SpanId, Assert.Single(orchestration.Links).Context.SpanId);
    }

    [Fact]
    public async Task Orchestration_ThatNothingHasCaused_HasATraceThatItsActivitiesShare()
    {
        await using var world = new DurableWorld();
        var traces = new List<string?>();
        world.App
            .Orchestrator("Rootless", async context =>
            {
                await context.CallActivityAsync("Look");
                await context.CallActivityAsync("Look");
                return null;
            })
            .Activity("Look", _ =>
            {
                traces.Add(Activity.Current?.TraceId.ToHexString());
                return null;
            });
        var host = await world.StartHoldingAsync();
        Activity.Current = null;

        await world.RunAsync(host, "Rootless", id: "rootless");

        var stored = InstanceState.Parse((await world.Store.ReadAsync(HubNames.Instance("rootless"), default))!.Body); // It has run.
        Assert.Equal(2, traces.Count);
        Assert.All(traces, trace => Assert.Equal(stored.TraceParent!.Split('-')[1], trace)); // Every start writes one.
    }

    [Fact]
    public async Task Instance_OfAVersionThatStoredNoTrace_RunsAndHasATraceOfItsOwn()
    {
        await using var world = World();
        var old = InstanceState.New("Child", "old", "e1", null, world.Time.GetUtcNow());
        await world.Store.CreateAsync(HubNames.Instance("old"), new DocumentContent(old.ToBytes(), new Dictionary<string, string>
        {
            ["name"] = "Child",
            ["status"] = "Pending",
            ["work"] = "1",
            ["commit"] = "x",
            ["created"] = old.CreatedAt.ToString("O"),
            ["updated"] = old.CreatedAt.ToString("O"),
        }), default);
        var host = await world.StartHoldingAsync();

        var end = await world.EndOfAsync(host, "old");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.NotEqual(old.Execution().SpanId, old.Cause().SpanId);
        Assert.Equal(ActivityTraceFlags.None, old.Cause().TraceFlags);
    }

    private static DurableWorld World()
    {
        var world = new DurableWorld();
        world.App
            .Orchestrator("Parent", async context =>
            {
                await Task.WhenAll(context.CallActivityAsync("Work", "secret"), context.CallActivityAsync("Work", "secret"));
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                await context.CallSubOrchestratorAsync("Child");
                context.SendEvent("there", "heard", "secret");
                await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("Fail"));
                return "secret";
            })
            .Orchestrator("Child", async context =>
            {
                await context.CallActivityAsync("Work");
                return null;
            })
            .Activity("Work", _ => "secret")
            .Activity("Fail", _ => throw new InvalidOperationException("secret"));
        return world;
    }

    private async Task<string> StartAsync(DurableWorld.Host host, string name, object? input = null)
    {
        using var cause = Spans.Unrecorded("test", _recorded.Cause);
        Spans.SetId(cause, _recorded.Cause.SpanId);
        return await host.Client.ScheduleNewOrchestrationInstanceAsync(name, input);
    }

    // A span is reported after the write that others see.
    private Task EndedAsync(string name, int count = 1) => Eventually.HoldsAsync(
        () => _recorded.Spans.Count(span => span.OperationName == name && span.Kind == ActivityKind.Server) == count, $"{name} is reported");
}
