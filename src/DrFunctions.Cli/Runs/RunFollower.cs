using System.Globalization;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Cli.Runs;

/// <summary>Follows a run to its end and tells every change of a step as one line.</summary>
internal sealed class RunFollower(DrClient app, Output output, TimeProvider time)
{
    // The minute tick schedules a run whose starter died.
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<int, string> _told = [];
    private DateTimeOffset? _pausedAt;
    private bool? _passesRto;

    /// <summary>Follows the run; an app that starts again meanwhile is waited for.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="patience">How long in all, once it has begun.</param>
    /// <param name="cancellationToken">Stops watching; the run goes on.</param>
    public async Task<RunView> FollowAsync(string runId, TimeSpan patience, CancellationToken cancellationToken)
    {
        var polling = new Polling(time, "Look into the app's log for the reason; the run goes on when the app does.");
        await polling.UntilAsync(
            $"the run {runId} to begin", StartPatience, token => FindAsync(runId, token), run => run is not null, cancellationToken);
        return await polling.UntilAsync(
            $"the run {runId} to end",
            patience,
            token => app.ReadRunAsync(runId, token),
            run =>
            {
                Tell(run);
                return run.State is not (RunState.Running or RunState.Paused);
            },
            cancellationToken);
    }

    // A run that was accepted has no journal until its first activity.
    private async Task<RunView?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            return await app.ReadRunAsync(runId, cancellationToken);
        }
        catch (CliException failure) when (failure.Code == "NotFound")
        {
            return null;
        }
    }

    private void Tell(RunView run)
    {
        if (run.Pause?.At != _pausedAt && (_pausedAt = run.Pause?.At) is not null)
        {
            output.Say($"    {Output.Text(RunText.PauseOf(run))}");
        }

        // Told when it is first known, and when it begins or ceases to pass the RTO; its seconds change at every look.
        if (run.Projection is { } projection && _passesRto != projection.PassesRto)
        {
            _passesRto = projection.PassesRto;
            output.Say($"    {RunText.ProjectionOf(run)}");
        }

        foreach (var step in run.Steps)
        {
            // What a running step waits for begins with a code; its words change with every attempt.
            var gist = step.State == StepState.Running ? $"{step.State} {step.Summary?.Split(':')[0]}" : $"{step.State}";
            if (_told.GetValueOrDefault(step.Index, $"{StepState.Pending}") != gist)
            {
                _told[step.Index] = gist;
                output.Say(Line(step));
            }
        }
    }

    private static string Line(StepView step)
    {
        var at = (step.EndedAt ?? step.StartedAt)?.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "        ";
        var name = Output.Text(step.Name.PadRight(14));
        return step.State switch
        {
            StepState.Running => $"    {at}  {name} … {Output.Text(step.Summary)}".TrimEnd(),
            StepState.Completed => $"    {at}  {name} [green]✓[/] {RunText.Took(step),-8} {Output.Text(step.Summary)}",
            StepState.Checked or StepState.Skipped or StepState.Undone => $"    {at}  {name} {Words.Of(step.State)}  {Output.Text(step.Summary)}",
            StepState.Failed => $"    {at}  {name} [red]✗[/] {RunText.Took(step),-8} {Output.Text(RunText.What(step))}",
            _ => $"    {at}  {name} {Words.Of(step.State)}",
        };
    }
}
