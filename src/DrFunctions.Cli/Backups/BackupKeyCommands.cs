using System.CommandLine;
using System.Text.RegularExpressions;
using DrFunctions.Backup.Keys;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup key …</c>: what opens a repository. A copy has slots of its own: each change is made in both places.</summary>
internal static partial class BackupKeyCommands
{
    /// <summary><c>list</c></summary>
    public static Command List(CommandContext context)
    {
        var options = new RepositoryOptions();
        return context.Command("list", "List the key slots of a repository as they describe themselves; needs no secret and shows none.", options.All,
            async (invocation, cancellationToken) =>
            {
                var slots = (await new KeyRing(options.Place(invocation), [], invocation.Time).ListAsync(cancellationToken))
                    .Select(slot => new ShownSlot(slot.Name, slot.Kind, slot.CreatedAt, slot.Parameters.GetValueOrDefault("key"), slot.IsBeingRemoved)).ToList();
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new { slots });
                    return ExitCodes.Success;
                }

                var table = new Listing("slot", "kind", "created", "vault key", "");
                foreach (var slot in slots)
                {
                    table.AddRow(
                        Output.Text(slot.Name), Output.Text(slot.Kind), Output.Time(slot.CreatedAt), Output.Text(slot.VaultKey ?? "-"), slot.IsBeingRemoved ? "being removed: remove it again" : "");
                }

                invocation.Output.Say(table);
                return ExitCodes.Success;
            });
    }

    /// <summary><c>add SLOT</c></summary>
    public static Command Add(CommandContext context)
    {
        var name = new Argument<string>("SLOT") { Description = "The new slot's name: 1 to 63 of a-z, 0-9 and '-', without a number at its end." };
        var (options, secret) = (new RepositoryOptions(), new NewSecretOptions());
        return context.Command("add", "Have something more open a repository: a new slot, and proof that it opens.", [name, .. options.All, .. secret.All],
            async (invocation, cancellationToken) =>
            {
                var slot = invocation.Value(name);
                if (Numbered().IsMatch(slot))
                {
                    throw new CliException(
                        "BadInput", $"SLOT is '{slot}'; expected a name without a number at its end: '{slot}' would be the rotation of '{Numbered().Replace(slot, "")}', and go with it.", "Choose another name.");
                }

                await secret.ApplyAsync(
                    invocation,
                    async wrapper =>
                    {
                        await (await RingAsync(options, invocation, cancellationToken)).AddAsync(slot, wrapper, cancellationToken);
                        return slot;
                    },
                    cancellationToken);
                return ExitCodes.Success;
            });
    }

    /// <summary><c>remove SLOT</c></summary>
    public static Command Remove(CommandContext context)
    {
        var name = new Argument<string>("SLOT") { Description = "The slot's name." };
        var options = new RepositoryOptions();
        return context.Command("remove", "Have something open a repository no longer; two slots always stay. Who has read the master key before has it still.", [name, .. options.All],
            async (invocation, cancellationToken) =>
            {
                var slot = invocation.Value(name);
                await (await RingAsync(options, invocation, cancellationToken)).RemoveAsync(slot, cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new { removed = slot });
                }
                else
                {
                    invocation.Output.Say($"[green]✓[/] the key slot {Output.Text(slot)} is removed");
                }

                return ExitCodes.Success;
            });
    }

    /// <summary><c>rotate SLOT</c></summary>
    public static Command Rotate(CommandContext context)
    {
        var name = new Argument<string>("SLOT") { Description = "The slot's name, with or without the number of an earlier rotation." };
        var (options, secret) = (new RepositoryOptions(), new NewSecretOptions());
        return context.Command(
            "rotate", "Change what opens a slot, without touching the data: a new slot, proof that it opens, then the old one goes. Run it again when it was cut off.", [name, .. options.All, .. secret.All],
            async (invocation, cancellationToken) =>
            {
                await secret.ApplyAsync(
                    invocation,
                    async wrapper => await (await RingAsync(options, invocation, cancellationToken)).RotateAsync(invocation.Value(name), wrapper, cancellationToken),
                    cancellationToken);
                return ExitCodes.Success;
            });
    }

    private static async Task<KeyRing> RingAsync(RepositoryOptions options, CommandInvocation invocation, CancellationToken cancellationToken) =>
        new(options.Place(invocation), await options.SecretsAsync(invocation, cancellationToken), invocation.Time);

    [GeneratedRegex("-[0-9]+$")]
    private static partial Regex Numbered();

    private sealed record ShownSlot(string Name, string Kind, DateTimeOffset CreatedAt, string? VaultKey, bool IsBeingRemoved);
}
