using System.Text.Json;
using DrFunctions.App.Deployments;
using DrFunctions.LocalRuntime.Testing;
using DrFunctions.Recovery.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.App.Runs;

/// <summary>The run's own orchestration on the local runtime, in virtual time, with a step that looks again and again for hours.</summary>
public sealed class LongStepTests
{
    private const string RunId = "shop-run-1";
    private const int Looks = 5_000;
    private const int Decisions = 7;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Run_AStepLooksFiveThousandTimes_HistoryStaysBoundedAndNoDecisionIsLost(int sideBySide)
    {
        var time = new ManualTimeProvider();
        var run = new FakeRun(sideBySide, Looks, Decisions);
        await using var host = await FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(RunOrchestration), typeof(FakeRunActivities)],
            TimeProvider = time,
            ConfigureServices = services => services.AddSingleton(run),
        });
        await host.DurableClient.ScheduleNewOrchestrationInstanceAsync(
            RunOrchestration.Name, new RunInput("shop", RunId), new Microsoft.DurableTask.StartOrchestrationOptions(RunId));
        var (longest, told) = (0, 0);
        while (!run.IsDone)
        {
            var looks = run.Looks;
            time.Advance(TimeSpan.FromSeconds(0.25));
            await run.LookedAsync(TimeSpan.FromMilliseconds(20));
            Assert.True(run.Turns <= Decisions + Looks, "a wait ended by itself");

            // People decide at any moment, between two executions too.
            if (told < Decisions && run.Looks > (told + 1) * (Looks / (Decisions + 1)))
            {
                told++;
                await host.DurableClient.RaiseEventAsync(RunId, RunOrchestration.Decided, null);
            }

            if (looks / 100 != run.Looks / 100)
            {
                longest = Math.Max(longest, await HistoryAsync(host));
            }
        }

        await Eventually.SeeAsync(
            async () => { time.Advance(TimeSpan.FromSeconds(0.25)); return (await host.DurableClient.GetInstanceAsync(RunId))?.RuntimeStatus; },
            status => status == OrchestrationRuntimeStatus.Completed,
            "the run to end");
        Assert.Equal((Looks, Decisions), (run.Looks, told));
        Assert.InRange(longest, 100, 2_000);
        Assert.InRange(run.Begins, Looks / 400, Looks / 100);
        Assert.True(time.GetUtcNow() - new ManualTimeProvider().GetUtcNow() < TimeSpan.FromHours(12), "a wait took its day: the decision for it was lost");
    }

    private static async Task<int> HistoryAsync(FunctionsTestHost host)
    {
        var text = await host.Client.GetStringAsync(
            new Uri($"runtime/webhooks/durabletask/instances/{RunId}?showHistory=true&code={Uri.EscapeDataString(host.DurableTaskKey)}", UriKind.Relative));
        return JsonDocument.Parse(text).RootElement.GetProperty("historyEvents").GetArrayLength();
    }

    /// <summary>A run of one group of steps that look so many times in all; then it waits for so many decisions, and ends.</summary>
    public sealed class FakeRun(int steps, int looks, int decisions)
    {
        private volatile TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _looks;
        private int _begins;
        private int _turns;
        private int _waits;

        public int Looks => Math.Min(Volatile.Read(ref _looks), looks);

        public int Begins => Volatile.Read(ref _begins);

        public int Turns => Volatile.Read(ref _turns);

        public bool IsDone { get; private set; }

        // The clock goes on all the same: not every quarter of a second brings a look.
        public async Task LookedAsync(TimeSpan patience)
        {
            await Task.WhenAny(_looked.Task, Task.Delay(patience));
            _looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public RunTurn Begin()
        {
            Interlocked.Increment(ref _begins);
            return Next();
        }

        public RunTurn Turn()
        {
            Interlocked.Increment(ref _turns);
            _waits++;
            return Next();
        }

        public RunTurn Look(int index)
        {
            var isLast = Interlocked.Increment(ref _looks) > looks;
            _looked.TrySetResult();
            return isLast
                ? steps == 1 ? Next() : RunTurn.Settled(RunId)
                : RunTurn.Again(RunId, index, TimeSpan.FromSeconds(0.2), "Pending: not yet");
        }

        private RunTurn Next()
        {
            if (Volatile.Read(ref _looks) <= looks)
            {
                _waits = 0;
                return new RunTurn(TurnKind.Attempt, RunId, [.. Enumerable.Range(0, steps)], 0, null);
            }

            // The turn behind a group is not one that a decision brought.
            IsDone = _waits >= decisions + (steps == 1 ? 0 : 1);
            return IsDone ? RunTurn.Done(RunId) : new RunTurn(TurnKind.Wait, RunId, [], TimeSpan.FromDays(2).TotalSeconds, null);
        }
    }

    /// <summary>Activities with the names of the real ones.</summary>
    public sealed class FakeRunActivities(FakeRun run)
    {
        [Function(RunActivities.Begin)]
        public Task<RunTurn> BeginAsync([ActivityTrigger] RunInput input) => Task.FromResult(run.Begin());

        [Function(RunActivities.Turn)]
        public Task<RunTurn> TurnAsync([ActivityTrigger] RunInput input) => Task.FromResult(run.Turn());

        [Function(RunActivities.Attempt)]
        public Task<RunTurn> AttemptAsync([ActivityTrigger] StepInput step) => Task.FromResult(run.Look(step.Index));
    }
}
