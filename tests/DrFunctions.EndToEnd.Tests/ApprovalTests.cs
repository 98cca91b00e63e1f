using DrFunctions.Cli;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Demo;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.EndToEnd.Tests;

/// <summary>People who approve twice, too late, or not at all, and a region that goes on raising alerts meanwhile.</summary>
public sealed class ApprovalTests
{
    private const string Step = "go";

    [Fact]
    public async Task Run_ApproversAreTwiceLateAndDecline_MovesUsersOnlyOnceTheyAgree()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        await using var stage = await Stage.StartAsync(patience.Token, yaml => yaml.Replace(
            "  failover:\n",
            $"  failover:\n    - approval: {{ name: {Step}, question: Fail over?, required: 2, expiry: 1m }}\n",
            StringComparison.Ordinal));
        await stage.PlayAsync(
            patience.Token, UploadStep.PlayAsync, PlanStep.PlayAsync, BackupStep.PlayAsync, Stage.DarkenAsync, AlertStep.PlayAsync);
        var first = stage.Scene.App;
        using var second = new DrClient(new AppConnection(first.Url, stage.Environment.Keys.Function, stage.Environment.Keys.Approver, "the second person"));

        // One person, twice, is one person; and the time is over before the other one looks.
        var runId = (await SeeAsync(stage, "the run to ask", seen => seen.Steps[0].Summary?.StartsWith("ApprovalPending", StringComparison.Ordinal) == true, patience.Token)).RunId;
        var said = await second.DecideAsync(runId, new ApprovalDecision("approve", "agreed"), patience.Token);
        var again = await second.DecideAsync(runId, new ApprovalDecision("approve", "agreed"), patience.Token);
        Assert.Equal((1, said.At, 1), (said.Approval.Missing, again.At, again.Approval.Missing));
        var expired = await SeeAsync(stage, "the run to pause", seen => seen.State == RunState.Paused, patience.Token);
        Assert.Equal("ApprovalExpired", expired.Steps[0].Error?.Code);
        Assert.Equal("NothingWaits", await RefusalAsync(first, runId, "approve"));

        // The region's alerts go on: the run that waits for people stays the only one.
        await stage.PlayAsync(patience.Token, AlertStep.PlayAsync, AlertStep.PlayAsync);
        var held = await first.ReadPlanAsync(stage.Scene.Workload, patience.Token);
        Assert.Equal((runId, "held", RunState.Paused, "ApprovalExpired"), (held.Lock?.RunId, held.Lock?.State, held.Lock?.RunState, held.Lock?.Pause?.Code));

        // Asked again, one of them declines, and that stays.
        await RetryAsync(stage, runId, null, patience.Token);
        await SeeAsync(stage, "the run to ask again", seen => seen.Steps[0].Summary?.StartsWith("ApprovalPending", StringComparison.Ordinal) == true, patience.Token);
        Assert.Equal("declined", (await second.DecideAsync(runId, new ApprovalDecision("decline", "it is coming back"), patience.Token)).Approval.Outcome);
        Assert.Contains(await RefusalAsync(second, runId, "approve"), new[] { "AlreadyDeclined", "NothingWaits" }); // the run may have seen it by now
        var declined = await SeeAsync(stage, "the run to pause again", seen => seen.State == RunState.Paused, patience.Token);
        Assert.Equal("ApprovalDeclined", declined.Steps[0].Error?.Code);
        Assert.All(declined.Steps.Skip(1), step => Assert.Equal(StepState.Pending, step.State));

        // Asked a third time, of one person: users are moved, by the one run there is.
        await RetryAsync(stage, runId, new Dictionary<string, string> { ["required"] = "1" }, patience.Token);
        await SeeAsync(stage, "the run to ask once more", seen => seen.Steps[0].Summary?.StartsWith("ApprovalPending", StringComparison.Ordinal) == true, patience.Token);
        Assert.Equal("approved", (await first.DecideAsync(runId, new ApprovalDecision("approve", "it is not"), patience.Token)).Approval.Outcome);
        await stage.PlayAsync(patience.Token, FailoverStep.PlayAsync, ComparisonStep.PlayAsync, EvidenceStep.PlayAsync);

        var run = Assert.Single((await first.ListRunsAsync(stage.Scene.Workload, patience.Token)).Runs);
        Assert.Equal((RunState.Completed, 1), (run.State, run.Epoch));
    }

    private static Task<RunView> RetryAsync(Stage stage, string runId, IReadOnlyDictionary<string, string>? fields, CancellationToken cancellationToken) =>
        stage.Scene.App.DecideRunAsync(runId, new RunDecisionBody("retry", Step, "ask again", fields), cancellationToken);

    private static async Task<string> RefusalAsync(DrClient app, string runId, string decision) =>
        (await Assert.ThrowsAsync<CliException>(() => app.DecideAsync(runId, new ApprovalDecision(decision, "late"), CancellationToken.None))).Code;

    private static async Task<RunView> SeeAsync(Stage stage, string what, Func<RunView, bool> expected, CancellationToken cancellationToken)
    {
        var seen = await stage.Scene.Polling.UntilAsync(
            what,
            TimeSpan.FromMinutes(3),
            async token => (await stage.Scene.App.ListRunsAsync(stage.Scene.Workload, token)).Runs is [var run] ? await stage.Scene.App.ReadRunAsync(run.RunId, token) : null,
            run => run is not null && expected(run),
            cancellationToken);
        return seen!; // the wait ends with a run
    }
}
