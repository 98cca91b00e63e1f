using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>Changes servers: settings, start, stop, restart, deletion.</summary>
internal sealed class ServerActions(ServerStore servers, ServerOperations operations, ServerWriter writer)
{
    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Update(ArmRequest request, FlexibleServer server)
    {
        var body = request.RequireBody();
        var root = ServerReader.Open(body);
        if (root.Text("location") is { } location && !ArmLocations.Same(location, server.Location))
        {
            throw new ArmRejection(
                409,
                "InvalidResourceLocation",
                $"The resource '{server.Name}' already exists in location '{server.Location}' in resource group '{server.ResourceGroup}'. A resource with the same name cannot be created in location '{location}'.");
        }

        var mode = root.Object("properties").Choice("createMode", "Default", "Create", "Update", "PointInTimeRestore", "GeoRestore", "Replica", "ReviveDropped");
        if (mode is not (null or "Default" or "Create" or "Update"))
        {
            throw ServerErrors.NameTaken();
        }

        var updated = ServerReader.Apply(server, body);
        if (updated.StorageSizeGB < server.StorageSizeGB)
        {
            throw ServerErrors.Invalid($"The value {updated.StorageSizeGB} of 'properties.storage.storageSizeGB' is invalid: expected {server.StorageSizeGB} or more; storage only grows.");
        }

        if (updated.Version < server.Version)
        {
            throw ServerErrors.Invalid($"The value '{updated.Version}' of 'properties.version' is invalid: expected {server.Version} or later.");
        }

        if (ServerReader.GeoRedundantBackup(body) is { } geo && geo != server.GeoRedundantBackup)
        {
            throw ServerErrors.Invalid("The value of 'properties.backup.geoRedundantBackup' is invalid: it can be chosen only when the server is created.");
        }

        operations.RequireFree(server);
        const string operation = "UpsertServerManagementOperationV2";
        return server.State != ServerState.Ready
            ? operations.BeginInVain(request, operation, server, ServerErrors.NotReady("Update Server can only be performed on Ready servers.", server))
            : operations.Begin(request, operation, server, ServerState.Updating, 30, () =>
            {
                servers.Put(ServerReader.Apply(servers.Find(server.Id), body));
                return ArmResponse.Ok(writer.Write(servers.Find(server.Id)));
            });
    }

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Act(ArmRequest request, FlexibleServer server, string action)
    {
        switch (action.ToUpperInvariant())
        {
            case "START":
                return Pass(request, server, "StartServerManagementOperation", ServerState.Stopped, ServerState.Starting, ServerState.Ready, "Start Server can only be performed on Stopped servers.");
            case "STOP":
                return Pass(request, server, "StopServerManagementOperation", ServerState.Ready, ServerState.Stopping, ServerState.Stopped, "Restart or Stop Server can only be performed on Started servers.");
            case "RESTART":
                CheckRestart(request, server);
                return Pass(request, server, "RestartServerManagementOperation", ServerState.Ready, ServerState.Restarting, ServerState.Ready, "Restart or Stop Server can only be performed on Started servers.");
            default:
                throw new ArmRejection(404, "InvalidResourcePath", $"The simulator's flexible servers have no action '{action}'; they have start, stop and restart.");
        }
    }

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Delete(ArmRequest request, FlexibleServer server)
    {
        if (servers.ReplicasOf(server).Any())
        {
            throw ServerErrors.NotAllowed($"The server '{server.Name}' has replicas; delete or promote them first.");
        }

        operations.RequireFree(server);
        return operations.Begin(request, "DropServerManagementOperation", server, ServerState.Dropping, 20, () =>
        {
            servers.Remove(server.Id);
            return new ArmResponse(204);
        });
    }

    private static void CheckRestart(ArmRequest request, FlexibleServer server)
    {
        if (request.Body is not { } body)
        {
            return;
        }

        var members = ServerReader.Open(body);
        var mode = members.Choice("failoverMode", "PlannedFailover", "ForcedFailover", "PlannedSwitchover", "ForcedSwitchover");
        if (members.Flag("restartWithFailover") == true)
        {
            if (mode is null)
            {
                throw ServerErrors.Missing("failoverMode");
            }

            if (server.HighAvailability == "Disabled")
            {
                throw ServerErrors.NotAllowed($"The server '{server.Name}' has no standby to fail over to: its high availability is disabled.");
            }
        }
    }

    private ArmResponse Pass(ArmRequest request, FlexibleServer server, string operation, ServerState from, ServerState during, ServerState to, string rule)
    {
        operations.RequireFree(server);
        return server.State != from
            ? operations.BeginInVain(request, operation, server, ServerErrors.NotReady(rule, server))
            : operations.Begin(request, operation, server, during, 20, () =>
            {
                servers.Change(servers.Find(server.Id).Id, now => now with { State = to });
                return ArmResponse.Ok();
            });
    }
}
