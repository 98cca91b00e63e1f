using DrFunctions.Cli.Api;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>A backup, taken and copied by the app's own timer function.</summary>
internal static class BackupStep
{
    private const string Timer = "Tick";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs the minute tick now instead of waiting for the minute, and waits for the backup that it starts.</summary>
    public static async Task PlayAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        await scene.Polling.UntilAsync(
            $"the timer function {Timer} to be run",
            Patience,
            async token =>
            {
                await scene.App.RunTimerAsync(Timer, scene.Environment.Keys.Master, token);
                return true;
            },
            _ => true,
            cancellationToken);
        scene.Say($"POST /admin/functions/{Timer}: the minute tick, now instead of at the full minute");
        scene.Backup = await scene.Polling.UntilAsync(
            "a backup that both regions hold",
            Patience,
            async token => (await scene.App.ListBackupsAsync(scene.Workload, token)).Backups is [var newest, ..] ? newest : null,
            backup => IsCopied(backup, scene.LogHint),
            cancellationToken);
        var done = scene.Backup!; // the wait ends with a backup or throws
        scene.Say($"snapshot {Output.Text(done.SnapshotId)}, {done.Kind}: {done.Files} files, {Quantities.Bytes(done.Bytes ?? 0)}, restore point {Output.Time(done.RestorePoint)}");
        scene.Say($"backup {Quantities.Seconds(done.BackupSeconds)}, verified copy to {Output.Text(scene.Environment.Plan.Secondary.Name)} {Quantities.Seconds(done.CopySeconds)}");
    }

    private static bool IsCopied(BackupView? backup, string hint) => backup switch
    {
        { State: "failed", Error: var error } => throw new CliException("StepFailed",
            $"The backup {backup.Occurrence} failed: {error?.Code}: {error?.Message}", hint),
        { State: "copied" } => true,
        _ => false,
    };
}
