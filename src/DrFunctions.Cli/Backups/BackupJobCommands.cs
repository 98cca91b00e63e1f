using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup start KIND WORKLOAD</c> and <c>dr backup jobs WORKLOAD [JOB]</c>: the app does the work, near the data.</summary>
internal static partial class BackupJobCommands
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary><c>start</c></summary>
    public static Command Start(CommandContext context)
    {
        var kind = new Argument<string>("KIND") { Description = "run: a backup beside the schedule. check: verify a repository. copy: to the other region. restore: a snapshot to a new container. repair: heal a repository." };
        kind.AcceptOnlyFromAmong("run", "check", "copy", "restore", "repair");
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        var policy = new Option<string>("--policy") { Description = "The policy of its plan.", HelpName = "NAME", Required = true };
        var region = new Option<string?>("--region") { Description = "The region whose repository it is about (default: where users are).", HelpName = "REGION" };
        var snapshot = new Option<string?>("--snapshot") { Description = "Of restore: the snapshot (default: the newest complete one).", HelpName = "ID" };
        var at = new Option<string?>("--at") { Description = "Of restore: the newest one that is not later than this time, such as 2026-11-22T14:00Z; without a zone, UTC.", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "Of restore: CONNECTION:container, a connection of the plan and a container that is empty or not there.", HelpName = "PLACE" };
        var source = new Option<bool>("--source") { Description = "Of repair: look for lost content in the store, too." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Of repair: write nothing." };
        var reason = new Option<string?>("--reason") { Description = "Why; it is recorded.", HelpName = "TEXT" };
        var key = new Option<string?>("--idempotency-key") { Description = "Names this start: said again, it starts nothing and answers with the same job.", HelpName = "KEY" };
        var follow = new Option<bool>("--follow") { Description = "Follow the job to its end." };
        return context.AppCommand(
            "start", "Have the app work on a policy's backups now.", [kind, workload, policy, region, snapshot, at, to, source, dryRun, reason, key, follow],
            async (invocation, cancellationToken) =>
            {
                var start = new BackupJobStart(
                    invocation.Value(kind), invocation.Value(policy), invocation.Value(reason), invocation.Value(region), invocation.Value(snapshot), SnapshotChoice.At(invocation.Value(at)),
                    TargetOf(invocation.Value(to)), invocation.Value(source), invocation.Value(dryRun), invocation.Value(key));
                using var app = invocation.OpenApp();
                var job = await app.StartBackupJobAsync(invocation.Value(workload), start, cancellationToken);
                if (invocation.Value(follow))
                {
                    return await FollowAsync(app, job, invocation, cancellationToken);
                }

                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(job);
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] job {Output.Text(job.Id)} started; follow it with: dr backup jobs {Output.Text(job.Workload)} {Output.Text(job.Id)} --follow");
                }

                return ExitCodes.Success;
            });
    }

    /// <summary><c>jobs</c></summary>
    public static Command List(CommandContext context)
    {
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        var id = new Argument<string?>("JOB") { Description = "A job's id; left out, the newest ones are listed.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null };
        var follow = new Option<bool>("--follow") { Description = "Follow the job to its end; its exit code says how that was." };
        return context.AppCommand("jobs", "List the newest backup jobs of a workload, or show one.", [workload, id, follow],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                if (invocation.Value(id) is { } named)
                {
                    var job = await app.ReadBackupJobAsync(invocation.Value(workload), named, cancellationToken);
                    return invocation.Value(follow) ? await FollowAsync(app, job, invocation, cancellationToken) : Tell(job, invocation.Output);
                }

                if (invocation.Value(follow))
                {
                    throw new CliException("BadInput", "--follow is given without a JOB; expected a job's id.", "dr backup jobs WORKLOAD lists them.");
                }

                var list = await app.ListBackupJobsAsync(invocation.Value(workload), cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(list);
                    return ExitCodes.Success;
                }

                var table = new Listing("job", "kind", "policy", "state", "started", "ended", "by", "");
                foreach (var job in list.Jobs)
                {
                    table.AddRow(
                        Output.Text(job.Id), Output.Text(job.Request.Kind), Output.Text(job.Request.Policy), Output.Text(job.State), Output.Time(job.CreatedAt), Output.Time(job.EndedAt), Output.Text(job.By),
                        Output.Text(job.Error?.Message ?? ""));
                }

                invocation.Output.Say(table);
                return ExitCodes.Success;
            });
    }

    // An app that does not answer for a while starts again: the job goes on with it.
    private static async Task<int> FollowAsync(DrClient app, BackupJobView job, CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var polling = new Polling(invocation.Time, "Look again with dr backup jobs.");
        var shown = "";
        while (job.IsRunning())
        {
            await Task.Delay(Pause, invocation.Time, cancellationToken);
            job = await polling.UntilAsync(
                $"the job {job.Id}", TimeSpan.FromMinutes(5), token => app.ReadBackupJobAsync(job.Workload, job.Id, token), _ => true, cancellationToken);
            var progress = job.Progress is { } far ? $"{far.PartsDone} of {far.Parts} parts, {Quantities.Bytes(far.Bytes)}" : "";
            if (progress != shown)
            {
                shown = progress;
                invocation.Output.Say(Output.Text($"{Output.Time(invocation.Time.GetUtcNow())} {progress}"));
            }
        }

        return Tell(job, invocation.Output);
    }

    private static int Tell(BackupJobView job, Output output)
    {
        if (output.IsJson)
        {
            output.Document(job);
        }
        else
        {
            output.Say($"{(job.State == "failed" ? "[red]✗[/]" : job.IsRunning() ? "[blue]…[/]" : "[green]✓[/]")} {Output.Text(job.Request.Kind)} of {Output.Text(job.Workload)}/{Output.Text(job.Request.Policy)}: {Output.Text(job.State)}"
                + $"{(job.Progress is { } far ? $", {far.PartsDone} of {far.Parts} parts" : "")}; started {Output.Time(job.CreatedAt)} by {Output.Text(job.By)}{(job.EndedAt is { } ended ? $", ended {Output.Time(ended)}" : "")}");
            if (job.Result is { } result)
            {
                output.Raw(result.ToString());
            }

            if (job.Error is { } error)
            {
                output.Say($"[red]{Output.Text(error.Code)}[/]: {Output.Text(error.Message)}");
            }
        }

        return job.State != "failed" ? ExitCodes.Success : job.Error?.Code == "NotVerified" ? ExitCodes.NotVerified : ExitCodes.Failed;
    }

    private static BackupJobTarget? TargetOf(string? place) => place is null ? null
        : Place().Match(place) is { Success: true } match ? new BackupJobTarget(match.Groups[1].Value, match.Groups[2].Value)
        : throw new CliException("BadInput", string.Create(CultureInfo.InvariantCulture, $"--to is '{place}'; expected CONNECTION:container, such as SHOP_NORTHEUROPE_STORAGE:look-here."), "The app restores to containers; dr backup restore to folders, too.");

    [GeneratedRegex("^([A-Za-z_][A-Za-z0-9_]*):([^:]+)$")]
    private static partial Regex Place();
}
