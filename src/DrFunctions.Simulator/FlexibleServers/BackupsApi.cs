using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>The backups of a server: list, read, make and delete those that are asked for.</summary>
internal sealed class BackupsApi(ArmServices services, ServerStore servers, ServerBackups backups, ServerOperations operations)
{
    public ArmResponse List(ArmRequest request, FlexibleServer server) => request.Method == "GET"
        ? services.Pages.Page(request, All(server), each => each.Backup.Name, each => ServerWriter.Write(server, each.Backup, each.Automatic))
        : throw request.MethodNotAllowed();

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Handle(ArmRequest request, FlexibleServer server, string name)
    {
        var found = All(server).FirstOrDefault(each => ArmRouter.Is(each.Backup.Name, name));
        switch (request.Method)
        {
            case "GET":
                return found.Backup is null
                    ? throw ArmRejection.NotFound(FlexibleServer.Type + "/backups", $"{server.Name}/{name}", server.ResourceGroup)
                    : ArmResponse.Ok(ServerWriter.Write(server, found.Backup, found.Automatic));
            case "PUT":
                return Make(request, server, name, found.Backup);
            case "DELETE" when found.Backup is null:
                return new ArmResponse(204);
            case "DELETE":
                return Delete(request, server, found.Backup, found.Automatic);
            default:
                throw request.MethodNotAllowed();
        }
    }

    private IEnumerable<(ServerBackup Backup, bool Automatic)> All(FlexibleServer server) =>
        [.. backups.Automatic(server).Select(each => (each, true)), .. server.Backups.Select(each => (each, false))];

    private ArmResponse Make(ArmRequest request, FlexibleServer server, string name, ServerBackup? existing)
    {
        if (!ServerBackups.IsName(name))
        {
            throw ServerErrors.Invalid($"The backup name '{name}' is invalid: expected 1 to 128 letters, digits, hyphens, periods and underscores.");
        }

        if (existing is not null)
        {
            throw ArmRejection.FromService(409, "BackupAlreadyExists", $"The server '{server.Name}' already has a backup '{existing.Name}'.");
        }

        operations.RequireFree(server);
        const string operation = "CreateOnDemandBackupManagementOperation";
        return server.State != ServerState.Ready
            ? operations.BeginInVain(request, operation, server, ServerErrors.NotReady("A backup can only be made of Ready servers.", server))
            : operations.Begin(request, operation, server, null, 30, () =>
            {
                var backup = new ServerBackup(name, services.Time.GetUtcNow());
                var now = servers.Find(server.Id);
                servers.Put(now with { Backups = [.. now.Backups, backup] });
                return ArmResponse.Ok(ServerWriter.Write(now, backup, automatic: false));
            });
    }

    private ArmResponse Delete(ArmRequest request, FlexibleServer server, ServerBackup backup, bool automatic)
    {
        if (automatic)
        {
            throw ServerErrors.NotAllowed($"The backup '{backup.Name}' was made by the service; only backups on demand can be deleted.");
        }

        operations.RequireFree(server);
        return operations.Begin(request, "DeleteOnDemandBackupManagementOperation", server, null, 10, () =>
        {
            servers.Change(server.Id, now => now with { Backups = [.. now.Backups.Where(each => each.Name != backup.Name)] });
            return new ArmResponse(204);
        });
    }
}
