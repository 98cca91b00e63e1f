using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using DrFunctions.Cli.Terminal;
using DrFunctions.Plans;
using DrFunctions.Recovery.Permissions;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cli.Plans;

/// <summary><c>dr plan roles PLAN</c></summary>
internal static class PlanRolesCommand
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var plan = new Argument<string>("PLAN") { Description = "A workload's name, or the file of a plan, YAML." };
        var bicep = new Option<string?>("--bicep")
        {
            Description = "Write them into this directory as Bicep instead, a file for each resource group and subscription. dr has no compiler: it does not check them.",
            HelpName = "DIR",
        };
        return context.AppCommand("roles", "Write the custom roles that the app's identity needs for a plan's runbooks, as commands; with --json as data.", [plan, bicep],
            async (invocation, cancellationToken) =>
            {
                var of = await ReadAsync(invocation, invocation.Value(plan), cancellationToken);
                var roles = PlanRoles.Of(of);
                if (invocation.Value(bicep) is { } directory)
                {
                    await WriteAsync(directory, RolesBicep.Of(of.Workload, roles), invocation, cancellationToken);
                }
                else if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new { definitions = roles.Definitions.Select(Document), assignments = roles.Assignments, storage = roles.Storage });
                }
                else
                {
                    invocation.Output.Raw(Script(roles));
                }

                return ExitCodes.Success;
            });
    }

    private static async Task WriteAsync(
        string directory, IReadOnlyList<(string Name, string Text)> files, CommandInvocation invocation, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(directory);
            foreach (var (name, text) in files)
            {
                await File.WriteAllTextAsync(Path.Combine(directory, name), text, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException("BadInput", $"--bicep {directory}: {exception.Message}", "Name a directory that you may write to.", exception);
        }

        var paths = files.Select(file => Path.Combine(directory, file.Name)).ToList();
        if (invocation.Output.IsJson)
        {
            invocation.Output.Document(new { files = paths });
        }
        else
        {
            paths.ForEach(path => invocation.Output.Say($"{Output.Text(path)}: its first lines say how it is deployed"));
        }
    }

    private static async Task<WorkloadPlan> ReadAsync(CommandInvocation invocation, string name, CancellationToken cancellationToken)
    {
        if (File.Exists(name))
        {
            return (await PlanFile.ReadAsync(name, cancellationToken)).Plan;
        }

        using var app = invocation.OpenApp();
        var applied = await app.ReadPlanAsync(name, cancellationToken);
        return PlanReader.ReadApplied(applied.Yaml).Plan
            ?? throw new CliException("PlanInvalid", $"The plan of '{name}' was applied by another version, and this one cannot read it.", "Check it with dr plan check.");
    }

    private static RoleDocument Document(RoleDefinition role) =>
        new(role.Name, true, role.Description, role.Actions, [], role.DataActions, [], role.AssignableScopes);

    private static string Script(PlanRoles roles) => string.Join('\n',
    [
        "# PRINCIPAL is the object id of the app's identity; each STORAGE_… the id of the account behind the app setting of that name.",
        .. roles.Definitions.Select(role => $"az role definition create --role-definition {ShellWord.Quote(JsonSerializer.Serialize(Document(role), OneLine))}"),
        .. roles.Assignments.Select(one => Assign(one.Role, ShellWord.Quote(one.Scope))),
        .. roles.Storage.Select(one => Assign(one.Role, $"\"$STORAGE_{one.Setting}\"")),
        "",
    ]);

    private static string Assign(string role, string scope) =>
        $"az role assignment create --assignee-object-id \"$PRINCIPAL\" --assignee-principal-type ServicePrincipal --role {ShellWord.Quote(role)} --scope {scope}";

    // As 'az role definition create' takes it.
    private sealed record RoleDocument(
        string Name,
        bool IsCustom,
        string Description,
        IReadOnlyList<string> Actions,
        IReadOnlyList<string> NotActions,
        IReadOnlyList<string> DataActions,
        IReadOnlyList<string> NotDataActions,
        IReadOnlyList<string> AssignableScopes);
}
