using System.Diagnostics;
using System.Globalization;
using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Replay;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.Benchmarks.Durable;

/// <summary>One turn over a history of so many events: the time an event must not depend on how many there are.</summary>
internal static class ReplayBenchmark
{
    private const int EventsMeasured = 1_000_000;

    public static void Run(Measurements measured, int events)
    {
        var steps = events / 3; // A turn, an answer and a call each.
        var state = HistoryOf(steps);
        var turn = new OrchestratorTurn(new BenchmarkApp(), new DurableOptions().DataConverter, NullLoggerFactory.Instance);
        Turn(10);
        var times = EventsMeasured / events;
        var allocated = GC.GetTotalAllocatedBytes(true);
        var watch = Stopwatch.StartNew();
        Turn(times);
        var perEvent = watch.Elapsed.TotalMicroseconds / times / events;
        var bytes = (double)(GC.GetTotalAllocatedBytes(true) - allocated) / times / events;
        measured.Add(FormattableString.Invariant($"replay of {events:#,0} events: time an event"), "us", perEvent);
        measured.Add(FormattableString.Invariant($"replay of {events:#,0} events: allocated an event"), "bytes", bytes);

        void Turn(int count)
        {
            for (var i = 0; i < count; i++)
            {
                if (!turn.Run(state, [], new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc), CancellationToken.None).HasReturned)
                {
                    throw new InvalidOperationException("The replay has not come to its end.");
                }
            }
        }
    }

    private static InstanceState HistoryOf(int steps)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var input = Payload.Of(steps.ToString(CultureInfo.InvariantCulture));
        var state = InstanceState.New(BenchmarkApp.Chain, "replay", "execution", input, now);
        state.Arrived.Clear();
        for (var i = 0; i <= steps; i++)
        {
            state.History.Add(new TurnStarted(now.UtcDateTime.AddSeconds(i)));
            state.History.Add(i == 0 ? new ExecutionStarted() : new TaskCompleted(i - 1, Payload.Of((i - 1).ToString(CultureInfo.InvariantCulture))));
            if (i < steps)
            {
                state.History.Add(new TaskScheduled(i, BenchmarkApp.Echo, Payload.Of(i.ToString(CultureInfo.InvariantCulture))));
            }
        }

        return state;
    }
}
