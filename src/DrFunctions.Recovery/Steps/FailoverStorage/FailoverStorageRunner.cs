using System.Globalization;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.FailoverStorage;

/// <summary>
/// Fails a storage account over. The last sync is read before anything is sent: it is what an unplanned failover goes back to.
/// </summary>
internal sealed class FailoverStorageRunner(IStorageAccounts accounts, OperationFollower follower, LagSampler lag, TimeProvider time) : StepRunner<FailoverStorageStep>
{
    private const string Missing = "AccountMissing";
    private const string NoCopy = "NoCopy";
    private const string MissingHint = "Correct the account's id in the plan.";
    private const string NoCopyHint = "Make the account geo-redundant, or restore its data from backups.";

    // Longer than Resource Manager holds on to a request.
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(90);

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var step = (FailoverStorageStep)context.Step;
        var account = await accounts.ReadAsync(step.Account, cancellationToken);
        return await PromotionPoint.ChooseAsync(context, step, IsPlanned(step, context), lag, account?.Copy?.LastSync, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(FailoverStorageStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region).Name;
        var account = await accounts.ReadAsync(step.Account, cancellationToken);
        return account switch
        {
            null => StepCheck.Failed(Missing, $"The storage account '{step.Account}' does not exist.", MissingHint),
            { IsFailingOver: true } => StepCheck.Ok($"{step.Account.Name} is failing over; the step waits for it"),
            _ when RegionName.Same(account.PrimaryLocation, region) => StepCheck.Ok($"{step.Account.Name} is written in {region} already"),
            { SecondaryLocation: null } => StepCheck.Failed(NoCopy, NoCopyMessage(step, account), NoCopyHint),
            _ when !RegionName.Same(account.SecondaryLocation, region) => StepCheck.Failed(
                "CopyElsewhere", $"The copy of {step.Account.Name} is in {account.SecondaryLocation}, expected {region}.", "Correct the region, or the account, in the plan."),
            { Copy: { } copy } when !(IsPlanned(step, context) ? copy.CanFailOverPlanned : copy.CanFailOver) => StepCheck.Failed(
                "FailoverNotPossible",
                $"{step.Account.Name} cannot be failed over now ({(IsPlanned(step, context) ? "planned" : "unplanned")}); its copy is '{copy.Status}'.",
                "Wait until the copy is Live; a planned failover needs both regions."),
            _ => StepCheck.Ok($"{step.Account.Name} is copied to {region}; {Loss(account.Copy?.LastSync, context)}"),
        };
    }

    /// <inheritdoc/>
    protected override Task<StepAttempt> AttemptAsync(FailoverStorageStep step, StepContext context, CancellationToken cancellationToken)
    {
        var (region, isPlanned) = (context.Plan.RegionOf(step.Region).Name, IsPlanned(step, context));
        var work = new OperationWork
        {
            What = $"the failover of '{step.Account.Name}' ({(isPlanned ? "planned" : "unplanned")})",
            ReadAsync = async stop => await accounts.ReadAsync(step.Account, stop) switch
            {
                null => OperationTarget.Impossible(Missing, $"The storage account '{step.Account}' does not exist.", MissingHint),
                { IsFailingOver: true } => OperationTarget.Changing($"{step.Account.Name} is failing over"),
                var account when RegionName.Same(account.PrimaryLocation, region) => OperationTarget.Reached(
                    $"{step.Account.Name} is written in {region}, its redundancy is {account.Redundancy}"),
                { SecondaryLocation: null } account => OperationTarget.Impossible(NoCopy, NoCopyMessage(step, account), NoCopyHint),
                { Copy: { } copy } when !(isPlanned ? copy.CanFailOverPlanned : copy.CanFailOver) =>
                    OperationTarget.Changing($"{step.Account.Name} cannot be failed over now; its copy is '{copy.Status}'"),
                var account => OperationTarget.Open($"{step.Account.Name} is written in {account.PrimaryLocation}"),
            },
            BeginAsync = stop => accounts.FailOverAsync(step.Account, isPlanned, stop),
            Settles = Settles,
            Facts = PromotionPoint.Chosen(context),
        };
        return follower.AttemptAsync(context, work, cancellationToken);
    }

    private string Loss(DateTimeOffset? lastSync, StepContext context)
    {
        if (lastSync is not { } sync)
        {
            return "its last sync is unknown, so what an unplanned failover would lose is unknown";
        }

        var loss = time.GetUtcNow() - sync;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"an unplanned failover now would lose {loss.TotalSeconds:0} s, the RPO is {context.Plan.Objectives.Rpo.TotalSeconds:0} s");
    }

    private static bool IsPlanned(FailoverStorageStep step, StepContext context) => step.IsPlanned && !context.IsForced;

    private static string NoCopyMessage(FailoverStorageStep step, GeoAccount account) =>
        $"{step.Account.Name} is written in {account.PrimaryLocation} and has no copy elsewhere (redundancy {account.Redundancy}).";
}
