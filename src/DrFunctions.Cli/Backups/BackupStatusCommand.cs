using System.CommandLine;
using System.Globalization;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Backups;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup status WORKLOAD</c></summary>
internal static class BackupStatusCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var workload = new Argument<string>("WORKLOAD") { Description = "A workload's name." };
        return context.AppCommand(
            "status",
            "Say how a workload's backups are, as the app recorded: copies, their age, restore tests and the 3-2-1 rule; fails when something is breached.",
            [workload],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var status = await app.ReadBackupStatusAsync(invocation.Value(workload), cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(status);
                }
                else
                {
                    foreach (var policy in status.Policies)
                    {
                        Show(invocation.Output, policy);
                    }
                }

                return status.Policies.Any(policy => policy.Copy.Verdict == ObjectiveVerdict.Breached || policy.Rule.Verdict == ObjectiveVerdict.Breached)
                    ? ExitCodes.Failed
                    : ExitCodes.Success;
            });
    }

    private static void Show(Output output, PolicyStatus policy)
    {
        output.Say($"{Output.Text(policy.Policy)} (store {Output.Text(policy.Store)})");
        foreach (var region in policy.Regions)
        {
            output.Say($"  {Output.Text(region.Region)}  {(region.RestorePoint is { } point ? Output.Time(point) : "no restore point is recorded")}");
        }

        output.Say($"  copy          {Words.Of(policy.Copy.Verdict)}{(policy.Copy.LagSeconds is { } lag ? string.Create(CultureInfo.InvariantCulture, $", {lag:0} s old") : "")}");
        Show(output, "check       ", policy.Check);
        Show(output, "restore test", policy.RestoreTest);
        Show(output, policy.Retention);
        output.Say($"  3-2-1 rule    {Words.Of(policy.Rule.Verdict)}");
        Show(output, "3 copies   ", policy.Rule.Copies);
        Show(output, "2 media    ", policy.Rule.Media);
        Show(output, "1 off-site ", policy.Rule.OffSite);
        Show(output, "0 errors   ", policy.Rule.Errors);
    }

    private static void Show(Output output, PruneStatus? retention)
    {
        if (retention is null)
        {
            return;
        }

        output.Say($"  retention     {Words.Of(retention.Verdict)}, {Output.Text(retention.Detail)}");
        foreach (var region in retention.Regions)
        {
            output.Say($"    {Output.Text(region.Region)}  {region.Removed} snapshots removed, {region.Kept} kept, {Quantities.Bytes(region.BytesRemoved)} came back"
                + (region.NextStepAt is { } next ? $", {Quantities.Bytes(region.BytesWaiting)} go with later prunes, from {Output.Time(next)} on" : ""));
            foreach (var told in region.PassedOver.Concat(region.Troubles))
            {
                output.Say($"      [yellow]![/] {Output.Text(told)}");
            }
        }
    }

    private static void Show(Output output, string name, ProofStatus proof) => output.Say(
        $"  {name}  {Words.Of(proof.Verdict)}, {Output.Text(proof.Detail)}{(proof.AgeSeconds is { } age ? string.Create(CultureInfo.InvariantCulture, $" ({age:0} s ago)") : "")}");

    private static void Show(Output output, string name, RulePart part) => output.Say(
        $"    {name} {Words.Of(part.Verdict)}, {Output.Text(part.Found)}{(part.Missing is { } missing ? $"; missing: {Output.Text(missing)}" : "")}");
}
