using System.CommandLine;
using System.CommandLine.Parsing;
using DrFunctions.Cli.Approvals;
using DrFunctions.Cli.Backups;
using DrFunctions.Cli.Control;
using DrFunctions.Cli.Demo;
using DrFunctions.Cli.Incidents;
using DrFunctions.Cli.People;
using DrFunctions.Cli.Plans;
using DrFunctions.Cli.Reports;
using DrFunctions.Cli.Runs;
using DrFunctions.Cli.Signals;
using DrFunctions.Cli.Simulation;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli;

/// <summary>The command <c>dr</c>.</summary>
internal static class DrCommandLine
{
    // Time to stop what was started before the process is ended; whatever is left then dies with it.
    private static readonly TimeSpan TerminationPatience = TimeSpan.FromSeconds(20);

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancellationToken)
    {
        var context = new CommandContext(host);
        var parsed = Create(context).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            Refuse(parsed, host, parsed.GetResult(context.Json) is { Implicit: false });
            return ExitCodes.BadInput;
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = host.Out,
                Error = host.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TerminationPatience,
            },
            cancellationToken);
    }

    /// <summary>All commands.</summary>
    public static RootCommand Create(CommandContext context)
    {
        var root = new RootCommand("DrFunctions: keeps an application alive through the loss of a region.")
        {
            DemoCommand.Create(context),
            UpCommand.Create(context),
            Group("plan", "Plans: what is kept alive, and how.",
                PlanCheckCommand.Create(context), PlanAdviseCommand.Create(context), PlanApplyCommand.Create(context), PlanShowCommand.Create(context), PlanListCommand.Create(context),
                PlanEvaluateCommand.Create(context), PlanSchemaCommand.Create(context), PlanRolesCommand.Create(context), PlanAvailabilityCommand.Create(context)),
            Group("run", "Runs: runbooks being executed.",
                RunStartCommand.Create(context), RunListCommand.Create(context), RunShowCommand.Create(context), RunWatchCommand.Create(context),
                RunDecisionCommands.Retry(context), RunDecisionCommands.Skip(context), RunDecisionCommands.Undo(context),
                RunDecisionCommands.Force(context), RunDecisionCommands.Cancel(context), RunDryRunCommand.Create(context),
                RunExportCommand.Create(context)),
            Group("incident", "Incidents: what was noticed and decided.",
                IncidentListCommand.Create(context), IncidentDecisionCommands.Approve(context), IncidentDecisionCommands.Decline(context),
                IncidentDecisionCommands.Override(context), IncidentDecisionCommands.Acknowledge(context), IncidentDecisionCommands.Seen(context)),
            VerdictCommand.Create(context),
            ApprovalCommands.List(context), ApprovalCommands.Approve(context), ApprovalCommands.Decline(context),
            Group("control", "Which of two apps acts, where a second one stands by.", ControlCommands.Show(context), ControlCommands.Take(context)),
            Group("signal", "Signals: alerts as they arrived.", SignalListCommand.Create(context)),
            Group("backup", "Backups, in this process: they work without the app.",
                BackupInitCommand.Create(context), BackupRunCommand.Create(context), BackupListCommand.Create(context), BackupCheckCommand.Create(context),
                BackupShowCommand.Create(context), BackupDiffCommand.Create(context), BackupChainCommand.Create(context),
                BackupRestoreCommand.Create(context), BackupCopyCommand.Create(context), BackupStatusCommand.Create(context), BackupRepairCommand.Create(context),
                BackupDumpCommand.Create(context), BackupPruneCommand.Create(context), BackupForgetCommand.Create(context),
                Group("hold", "Legal holds: no rule and no prune removes what one is on.",
                    BackupHoldCommands.Add(context), BackupHoldCommands.List(context), BackupHoldCommands.Remove(context)),
                Group("key", "What opens a repository: passphrases, recovery keys, keys of vaults. A copy has slots of its own.",
                    BackupKeyCommands.List(context), BackupKeyCommands.Add(context), BackupKeyCommands.Remove(context), BackupKeyCommands.Rotate(context))),
            Group("people", "People: who may call the app, and do what. Keeps a list with hashes of keys; the app reads it as a setting.",
                PeopleCommands.Add(context), PeopleCommands.List(context), PeopleCommands.Rotate(context), PeopleCommands.Remove(context)),
            Group("report", "Reports and evidence: what remains of a run.",
                ReportShowCommand.Create(context), ReportExportCommand.Create(context), ReportVerifyCommand.Create(context)),
            Group("sim", "A simulated Azure, alone or of the local environment.",
                SimStartCommand.Create(context), SimCommands.State(context), SimCommands.Set(context), SimCommands.Fault(context),
                SimCommands.Requests(context), SimCommands.Reset(context), SimCommands.Schema(context)),
        };
        root.Options.Add(context.Json);
        root.Options.Add(context.State);
        return root;
    }

    private static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Subcommands.Add(command);
        }

        return group;
    }

    private static void Refuse(ParseResult parsed, CliHost host, bool json)
    {
        var command = string.Join(' ', Path(parsed.CommandResult));
        new Output(host.Out, host.Error, json).Fail(new CliException(
            "BadInput", string.Join(" ", parsed.Errors.Select(error => error.Message)), $"See: {command} --help"));
    }

    private static IEnumerable<string> Path(CommandResult command) =>
        command.Parent is CommandResult parent ? [.. Path(parent), command.Command.Name] : ["dr"];
}
