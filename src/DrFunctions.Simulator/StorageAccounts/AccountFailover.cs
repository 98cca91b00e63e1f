using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.StorageAccounts;

/// <summary>Fails an account over: planned, the regions swap; unplanned, the copy becomes the account and what had not arrived is lost.</summary>
internal sealed class AccountFailover(ArmServices services, AccountStore accounts, GeoReplication replication)
{
    /// <exception cref="ArmRejection">The account cannot be failed over now.</exception>
    public ArmResponse Begin(ArmRequest request, StorageAccount account)
    {
        var planned = request.Query.TryGetValue("failoverType", out var type);
        if (planned && !ArmRouter.Is(type!, "Planned")) // found
        {
            throw StorageErrors.InvalidQuery("failoverType", type!, "Planned; for an unplanned failover leave it out"); // found
        }

        if (request.Body is not null)
        {
            throw StorageErrors.Invalid("A failover takes no body.");
        }

        services.Operations.RequireIdle(OperationShapes.Storage, account.Id);
        Check(account, planned);
        var operation = services.Operations.Begin(request, new OperationPlan
        {
            Shape = OperationShapes.Storage,
            Name = planned ? "PlannedFailover" : "Failover",
            Resource = account.Id,
            Location = account.Location,
            Duration = TimeSpan.FromMinutes(1),
            Complete = () => Complete(accounts.Require(account.ResourceGroup, account.Name), planned),
            Abandon = () =>
            {
                if (accounts.Find(account.ResourceGroup, account.Name) is { } now)
                {
                    accounts.Put(now with { FailoverInProgress = false });
                }
            },
        });
        accounts.Put(account with { FailoverInProgress = true });
        return operation.Accepted();
    }

    private void Check(StorageAccount account, bool planned)
    {
        if (replication.Obstacle(account, planned) is { } obstacle)
        {
            throw StorageErrors.FailoverNotPossible(obstacle);
        }
    }

    private ArmResponse Complete(StorageAccount account, bool planned)
    {
        // Regions may have gone dark since the start.
        Check(account, planned);
        var failedOver = account with
        {
            PrimaryLocation = account.SecondaryLocation!, // checked
            SecondaryLocation = planned ? account.PrimaryLocation : null,
            ZonalLocation = planned ? account.ZonalLocation : null,
            Sku = planned ? GeoReplication.AfterPlannedFailover(account) : StorageSku.AfterFailover,
            FailoverInProgress = false,
            LastFailover = services.Time.GetUtcNow(),
            DataLoss = planned ? TimeSpan.Zero : replication.BehindOf(account),
        };
        accounts.Put(failedOver);
        return ArmResponse.Ok();
    }
}
