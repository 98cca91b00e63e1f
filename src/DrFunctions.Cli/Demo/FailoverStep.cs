using DrFunctions.Cli.Incidents;
using DrFunctions.Cli.Runs;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Incidents;

namespace DrFunctions.Cli.Demo;

/// <summary>The incident and the run that it starts, followed live.</summary>
internal static class FailoverStep
{
    private static readonly TimeSpan DecisionPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RunPatience = TimeSpan.FromMinutes(10);

    /// <summary>Follows both to the run's end.</summary>
    public static async Task PlayAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        var told = "";
        var incident = await scene.Polling.UntilAsync(
            "the incident to start the runbook",
            DecisionPatience,
            async token => (await scene.App.ListIncidentsAsync(scene.Workload, token)).Incidents is [var newest, ..] ? newest : null,
            seen =>
            {
                told = Tell(scene, seen, told);
                return HasStarted(seen);
            },
            cancellationToken);
        var runId = incident!.RunId!; // the wait ends with a run or throws
        foreach (var rule in incident.Verdict?.Rules ?? [])
        {
            scene.Say($"  {(rule.Passed ? "[green]✓[/]" : "[red]✗[/]")} {Output.Text(rule.Name.PadRight(22))} {Output.Text(rule.Found)}");
        }

        scene.Say($"run {Output.Text(runId)}");
        scene.Run = await new RunFollower(scene.App, scene.Output, scene.Time).FollowAsync(runId, RunPatience, cancellationToken);
        if (RunText.FailureOf(scene.Run) is { } failure)
        {
            await KeepEvidenceAsync(scene, cancellationToken);
            throw failure;
        }
    }

    // Of a failed run the evidence matters most; that it cannot be had must not hide why the run failed.
    private static async Task KeepEvidenceAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        try
        {
            await EvidenceStep.PlayAsync(scene, cancellationToken);
        }
        catch (CliException missing)
        {
            scene.Say($"no evidence: {Output.Text(missing.Message)}");
        }
    }

    private static string Tell(SceneContext scene, IncidentRecord? incident, string told)
    {
        var line = incident?.Verdict is { } verdict
            ? $"incident {incident.Id}: {Words.Of(verdict.Decision)}{(verdict.Decision == Decision.Start ? "" : $" ({IncidentListCommand.Why(incident)})")}"
            : incident is null ? "" : $"incident {incident.Id} opened";

        // The dwell's seconds change with every look; what is waited for does not.
        var gist = incident is null ? "" : $"{incident.Id} {incident.Verdict?.Decision} {string.Join(',', incident.Verdict?.Rules.Where(rule => !rule.Passed).Select(rule => rule.Name) ?? [])}";
        if (gist != told && line.Length > 0)
        {
            scene.Say(Output.Text(line));
        }

        return gist;
    }

    private static bool HasStarted(IncidentRecord? incident) => incident switch
    {
        { RunId: not null } => true,
        { State: IncidentState.Closed } => throw new CliException("StepFailed",
            $"The incident {incident.Id} closed without a run: {IncidentListCommand.Why(incident)}", "See dr incident list, and start by hand with dr run start shop failover."),
        _ => false,
    };
}
