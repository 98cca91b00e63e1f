using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Holds;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup hold add|list|remove</c></summary>
internal static class BackupHoldCommands
{
    private const int LongestText = 1000;

    /// <summary>Creates <c>add</c>.</summary>
    public static Command Add(CommandContext context)
    {
        var on = new HeldOptions();
        var by = new Option<string>("--by") { Description = "Who says so.", HelpName = "NAME", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why, such as a case number.", HelpName = "TEXT", Required = true };
        var options = new RepositoryOptions();
        return context.Command(
            "add",
            "Put a legal hold on a snapshot, or on all of a workload, those to come too. It counts for prunes that begin after it; a copy of the repository needs its own.",
            [.. on.All, by, reason, .. options.All],
            async (invocation, cancellationToken) =>
            {
                var (snapshot, workload) = on.Read(invocation);
                var hold = new LegalHold(snapshot, workload, Text(invocation, by), Text(invocation, reason), invocation.Time.GetUtcNow());
                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                await engine.HoldAsync(repository, hold, cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(hold);
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] {Output.Text(repository.Description)}: {Output.Text(hold.ToString())}");
                }

                return ExitCodes.Success;
            });
    }

    /// <summary>Creates <c>list</c>.</summary>
    public static Command List(CommandContext context)
    {
        var options = new RepositoryOptions();
        return context.Command("list", "List the legal holds of a repository; fails when one cannot be read, which holds all the same.", options.All,
            async (invocation, cancellationToken) =>
            {
                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var list = await engine.ListHoldsAsync(repository, cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(list);
                }
                else
                {
                    Show(invocation.Output, repository.Description, list);
                }

                return list.Unreadable.Count == 0 ? ExitCodes.Success : ExitCodes.NotVerified;
            });
    }

    /// <summary>Creates <c>remove</c>.</summary>
    public static Command Remove(CommandContext context)
    {
        var on = new HeldOptions();
        var options = new RepositoryOptions();
        return context.Command("remove", "Take a legal hold off: the next prune goes by the rules again.", [.. on.All, .. options.All],
            async (invocation, cancellationToken) =>
            {
                var (snapshot, workload) = on.Read(invocation);
                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                var what = snapshot is null ? $"workload '{workload}'" : $"snapshot '{snapshot}'";
                if (!await engine.ReleaseAsync(repository, snapshot, workload, cancellationToken))
                {
                    throw new CliException("NotFound", $"There is no legal hold on {what} in {repository.Description}.", "dr backup hold list shows the holds.");
                }

                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new { snapshot, workload, removed = true });
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] {Output.Text(repository.Description)}: no legal hold is on {Output.Text(what)} any more");
                }

                return ExitCodes.Success;
            });
    }

    private static void Show(Output output, string repository, HoldList list)
    {
        if (list.Holds.Count > 0)
        {
            var table = new Listing("on", "by", "since", "reason");
            foreach (var hold in list.Holds)
            {
                table.AddRow(Output.Text(hold.Snapshot ?? $"workload {hold.Workload}"), Output.Text(hold.By), Output.Time(hold.At), Output.Text(hold.Reason));
            }

            output.Say(table);
        }
        else if (list.Unreadable.Count == 0)
        {
            output.Say($"{Output.Text(repository)} has no legal hold.");
        }

        foreach (var key in list.Unreadable)
        {
            output.Say($"[yellow]![/] {Output.Text(key)} cannot be read, and holds all the same: put it on anew, or take it off.");
        }
    }

    private static string Text(CommandInvocation invocation, Option<string> option)
    {
        var text = invocation.Value(option);
        return !string.IsNullOrWhiteSpace(text) && text.Length <= LongestText
            ? text
            : throw new CliException("BadInput", $"{option.Name} has {text.Length} characters; expected 1 to {LongestText}, not only spaces.", "Say it in a sentence.");
    }

    /// <summary>What a hold is on.</summary>
    private sealed class HeldOptions
    {
        private readonly Option<string?> _snapshot = new("--snapshot") { Description = "The snapshot it is on.", HelpName = "SNAPSHOT" };
        private readonly Option<string?> _workload = new("--workload") { Description = "The workload it is on.", HelpName = "NAME" };

        public IReadOnlyList<Symbol> All => [_snapshot, _workload];

        public (string? Snapshot, string? Workload) Read(CommandInvocation invocation)
        {
            var (snapshot, workload) = (invocation.Value(_snapshot), invocation.Value(_workload));
            if ((snapshot is null) == (workload is null))
            {
                throw new CliException("BadInput", $"{(snapshot is null ? "Neither --snapshot nor --workload is" : "Both --snapshot and --workload are")} given; expected one of them.", "A hold is on a snapshot or on a workload.");
            }

            if (snapshot is not null && !SnapshotId.IsValid(snapshot))
            {
                throw new CliException("BadInput", $"--snapshot is '{snapshot}'; expected a snapshot's id.", "dr backup list shows them.");
            }

            if (workload is not null && (string.IsNullOrWhiteSpace(workload) || workload.Length > LongestText))
            {
                throw new CliException("BadInput", $"--workload has {workload.Length} characters; expected 1 to {LongestText}, not only spaces.", "dr backup list shows the workloads.");
            }

            return (snapshot, workload);
        }
    }
}
