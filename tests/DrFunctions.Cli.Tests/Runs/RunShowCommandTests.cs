using System.Text;
using System.Text.Json;
using DrFunctions.Cli.Tests.Api;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Cli.Tests.Runs;

public sealed class RunShowCommandTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly PauseView s_pause = new(
        "WebAppMissing", "startWebApp: it does not exist.", "startWebApp", s_noon.AddMinutes(2), s_noon.AddDays(1), ["retry", "skip", "cancel"], 9);

    [Theory]
    [InlineData(false, "expected to finish 2026-01-02 12:30:00Z, in 20 min 00 s (1 of 3 steps by past runs, the others by their kind)")]
    [InlineData(true, "expected to finish 2026-01-02 12:30:00Z, in 20 min 00 s (1 of 3 steps by past runs, the others by their kind): later than the RTO allows")]
    public async Task Show_ARunThatRuns_SaysWhenItIsExpectedToFinish(bool passesRto, string expected)
    {
        var text = await ShowAsync(Run(RunState.Running) with { Projection = new ProjectionView(s_noon.AddMinutes(30), 1200, 3, 1, passesRto) });

        Assert.Contains($"{expected} RTO unknown", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_ARunThatWaits_SaysForWhatAndCountsFromTheDecision()
    {
        var text = await ShowAsync(Run(RunState.Paused) with { Pause = s_pause, Projection = new ProjectionView(s_noon.AddMinutes(30), 1200, 3, 1, false) });

        Assert.Contains("run shop-1: paused", text, StringComparison.Ordinal);
        Assert.Contains(
            "paused: WebAppMissing: startWebApp: it does not exist; decide with dr run retry, dr run skip, dr run cancel before 2026-01-03 12:00:00Z",
            text,
            StringComparison.Ordinal);
        Assert.Contains("in 20 min 00 s from a person's decision on", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_ARunThatWentBack_SaysWhoWhyAndWhatItLeft()
    {
        var text = await ShowAsync(Run(RunState.Cancelled) with
        {
            EndedAt = s_noon.AddMinutes(9),
            Stop = new StopView(StopKind.Cancel, "ada (personal key)", "false alarm", s_noon.AddMinutes(5)),
            Kept = "restore (cannot be undone)",
        });

        Assert.Contains("by ada (personal key): false alarm", text, StringComparison.Ordinal);
        Assert.Contains("left done: restore (cannot be undone)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("expected to finish", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_AsJson_IsTheWholeRun()
    {
        var run = Run(RunState.Paused) with { Pause = s_pause, Projection = new ProjectionView(s_noon.AddMinutes(30), 1200, 3, 1, true) };
        await using var app = await FakeApp.StartAsync(_ => (200, Json(run)));

        var outcome = await RunAsync(app, "run show shop-1 --json");

        using var document = JsonDocument.Parse(outcome.Output);
        Assert.Equal(1200, document.RootElement.GetProperty("projection").GetProperty("remainingSeconds").GetDouble());
        Assert.Equal(9, document.RootElement.GetProperty("pause").GetProperty("occasion").GetInt32());
    }

    [Theory]
    [InlineData("run show", ExitCodes.BadInput)]
    [InlineData("run show a b", ExitCodes.BadInput)]
    [InlineData("run show shop-9", ExitCodes.NotFound)]
    public async Task Show_OfNothing_SaysSo(string line, int expected)
    {
        await using var app = await FakeApp.StartAsync(_ => (404, """{"error":{"code":"RunNotFound","message":"There is no run 'shop-9'."}}"""));

        var outcome = await RunAsync(app, line);

        Assert.Equal(expected, outcome.Code);
        Assert.NotEmpty(outcome.Error);
    }

    private static async Task<string> ShowAsync(RunView run)
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Json(run)));
        var outcome = await RunAsync(app, "run show shop-1");
        Assert.Equal(("", ExitCodes.Success), (outcome.Error, outcome.Code));
        return string.Join(' ', outcome.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Show_ARunOfSeveralStores_SaysEachAndTheWorst()
    {
        var text = await ShowAsync(Run(RunState.Completed) with
        {
            Attained = new AttainedView(90, ObjectiveVerdict.Met, 300, ObjectiveVerdict.Met, s_noon, s_noon)
            {
                WorstStore = "orders",
                Stores = [new("files", s_noon, 80, ObjectiveVerdict.Met), new("orders", s_noon, 300, ObjectiveVerdict.Met)],
            },
        });

        Assert.Contains("1 min 20 s of files, restore point", text, StringComparison.Ordinal);
        Assert.Contains("5 min 00 s of orders, the worst, restore point", text, StringComparison.Ordinal);
    }

    private static Task<DrOutcome> RunAsync(FakeApp app, string line) =>
        Dr.RunAsync([.. line.Split(' '), "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

    private static string Json(RunView run) => Encoding.UTF8.GetString(DocumentJson.Write(run).Span);

    private static RunView Run(RunState state) => new()
    {
        RunId = "shop-1",
        Workload = "shop",
        Runbook = "failover",
        Mode = RunMode.Unplanned,
        PlanVersion = "v1",
        Epoch = 1,
        State = state,
        StartedBy = "me",
        Reason = "why",
        StartedAt = s_noon,
        Steps = [new StepView(0, "fence", "fence", StepState.Completed, s_noon, s_noon.AddSeconds(2), "stopped", null)],
        Objectives = new ObjectivesView(900, 3600),
        Attained = new AttainedView(null, ObjectiveVerdict.Unknown, null, ObjectiveVerdict.Unknown, null, null),
    };
}
