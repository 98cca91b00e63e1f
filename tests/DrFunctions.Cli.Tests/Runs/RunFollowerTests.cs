using System.Text;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Runs;
using DrFunctions.Cli.Terminal;
using DrFunctions.Cli.Tests.Api;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Cli.Tests.Runs;

public sealed class RunFollowerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Follow_TellsEveryChangeOnce_AndWaitsForARunThatHasNotBegun()
    {
        var answers = new Queue<(int, string)>([
            (404, """{"error":{"code":"RunNotFound","message":"not yet"}}"""),
            (200, Json(RunState.Running, StepState.Running)),
            (503, """{"error":{"code":"DocumentStoreUnavailable","message":"starting"}}"""),
            (200, Json(RunState.Running, StepState.Running)),
            (200, Json(RunState.Completed, StepState.Completed)),
        ]);
        await using var app = await FakeApp.StartAsync(_ => answers.Dequeue());
        using var client = new DrClient(app.Connection);
        using var text = new StringWriter();

        var run = await new RunFollower(client, new Output(text, text, json: false), TimeProvider.System)
            .FollowAsync("shop-1", TimeSpan.FromSeconds(30), CancellationToken.None);

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(
            ["    12:00:00  fence          …", "    12:00:02  fence          ✓ 2.0 s    shop-westeurope is stopped"],
            text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task Watch_OfARunThatFails_ExitsWithItsErrorAndTheNextAction()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Json(RunState.Failed, StepState.Failed)));

        var outcome = await Dr.RunAsync(["run", "watch", "shop-1", "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

        Assert.Equal(ExitCodes.RunFailed, outcome.Code);
        Assert.Contains("error: The run shop-1 failed at fence: SiteMissing: no site", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("next: Create it.", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("RTO  unknown", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_OfAnUnknownRun_IsNotFoundAtOnce()
    {
        await using var app = await FakeApp.StartAsync(_ => (404, """{"error":{"code":"RunNotFound","message":"There is no run 'x'."}}"""));

        var outcome = await Dr.RunAsync(["run", "watch", "x", "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

        Assert.Equal(ExitCodes.NotFound, outcome.Code);
        Assert.Contains("There is no run 'x'.", outcome.Error, StringComparison.Ordinal);
    }

    private static string Json(RunState state, StepState step) => Encoding.UTF8.GetString(DocumentJson.Write(new RunView
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
        StartedAt = Noon,
        Steps =
        [
            new StepView(
                0, "fence", "fence", step, Noon, step == StepState.Running ? null : Noon.AddSeconds(2),
                step == StepState.Completed ? "shop-westeurope is stopped" : null,
                step == StepState.Failed ? new StepError("SiteMissing", "no site", "Create it.") : null),
        ],
        Objectives = new ObjectivesView(900, 3600),
        Attained = new AttainedView(null, ObjectiveVerdict.Unknown, null, ObjectiveVerdict.Unknown, null, null),
    }).Span);
}
