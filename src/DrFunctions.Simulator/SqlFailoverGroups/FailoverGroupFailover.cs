using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>Makes the secondary of a group its primary: with all data, without what has not arrived, or the one if the other fails.</summary>
internal sealed class FailoverGroupFailover(ArmServices services, SqlStore store, SqlReplication replication, SqlWriter writer, SqlDatabases databases)
{
    private const string OperationName = "FailoverFailoverGroup";

    /// <summary>The first version that tries a planned failover before a forced one.</summary>
    private const string FirstWithTry = "2023-02-01";

    /// <summary>How long a planned failover waits for a primary that does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The part that all operations on a group have in common: both its sides and databases are busy.</summary>
    public static OperationPlan Plan(FailoverGroup group, SqlServer server) => new()
    {
        Shape = OperationShapes.SqlFailoverGroups,
        Name = OperationName,
        Resource = group.IdOn(server.Id),
        AlsoBusy = [group.IdOn(group.PartnerOf(server.Id)), .. group.Databases.Select(server.DatabaseId)],
        Location = server.Region.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(),
        Complete = static () => ArmResponse.Ok(),
    };

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Begin(ArmRequest request, SqlServer server, FailoverGroup group, string action)
    {
        FailoverMode mode = action.ToLowerInvariant() switch
        {
            "failover" => FailoverMode.Planned,
            "forcefailoverallowdataloss" => FailoverMode.Forced,
            "tryplannedbeforeforcedfailover" when string.CompareOrdinal(request.ApiVersion, FirstWithTry) >= 0 => FailoverMode.PlannedElseForced,
            _ => throw new ArmRejection(
                404, "InvalidResourcePath", $"The failover groups of api-version '{request.ApiVersion}' have no action '{action}'; there are failover, forceFailoverAllowDataLoss and, since {FirstWithTry}, tryPlannedBeforeForcedFailover."),
        };
        if (ArmRouter.Is(group.PrimaryId, server.Id))
        {
            throw SqlErrors.OnPrimary();
        }

        services.Outages.RequireLit(server.Region);
        var reachable = !services.Outages.IsDark(store.FindServer(group.PrimaryId).Region);
        if (mode == FailoverMode.Planned && reachable && replication.StateOf(group) is var state and not "CATCH_UP")
        {
            throw SqlErrors.NotInSync(group.Name, state);
        }

        var plan = Plan(group, server);
        return services.Operations.Begin(request, plan with
        {
            Duration = mode == FailoverMode.Forced || reachable ? plan.Duration : Patience,
            Complete = () => Switch(group.Name, server, mode),
        }).Accepted();
    }

    private ArmResponse Switch(string name, SqlServer server, FailoverMode mode)
    {
        var group = store.FindGroup(server, name);
        var (primary, secondary) = replication.SidesOf(group);
        services.Outages.RequireLit(secondary.Region);
        var planned = mode != FailoverMode.Forced && replication.StateOf(group) == "CATCH_UP";
        if (mode == FailoverMode.Planned && !planned)
        {
            throw SqlErrors.PlannedTimedOut(primary.Name);
        }

        var switched = group with
        {
            PrimaryId = secondary.Id,
            SecondaryId = primary.Id,
            ForcedAt = planned ? null : services.Time.GetUtcNow(),
            DataLoss = planned ? TimeSpan.Zero : replication.BehindOf(group),
        };
        foreach (var database in group.Databases)
        {
            databases.Reverse(switched, database);
        }

        store.Put(switched);
        return ArmResponse.Ok(writer.Write(switched, secondary));
    }

    private enum FailoverMode
    {
        Planned,
        Forced,
        PlannedElseForced,
    }
}
