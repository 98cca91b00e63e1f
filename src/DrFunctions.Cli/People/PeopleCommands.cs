using System.CommandLine;
using System.Security.Cryptography;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.People;
using Spectre.Console;

namespace DrFunctions.Cli.People;

/// <summary><c>dr people …</c>: keeps the list of people that the app's setting <c>Dr__People</c> is made of. Talks to nobody.</summary>
internal static class PeopleCommands
{
    private static readonly Func<string, Argument<string>> Name = description => new("NAME") { Description = description };

    /// <summary><c>dr people add NAME --role ROLE</c></summary>
    public static Command Add(CommandContext context)
    {
        var (name, file) = (Name("A nickname, or the name that the person signs in with."), PeopleFile.Option());
        var roles = new Option<string[]>("--role")
        {
            Description = $"What the person may do, once for each: {string.Join(", ", CallerRoles.Names)}.",
            HelpName = "ROLE",
            Required = true,
        };
        return context.Command("add", "Add somebody, and show the new key once.", [name, roles, file], (invocation, _) =>
        {
            var (path, who) = (invocation.Value(file), invocation.Value(name));
            var people = PeopleFile.Read(path);
            if (people.Exists(person => string.Equals(person.Name, who, StringComparison.OrdinalIgnoreCase)))
            {
                throw new CliException("BadInput", $"{path} has '{who}' already.", $"Make a new key with dr people rotate {who}, or remove the person first.");
            }

            var key = NewKey();
            PeopleFile.Write(path, [.. people, new PersonEntry(who, [.. invocation.Value(roles).Distinct()], [PersonalKeys.Hash(key)])]);
            Show(invocation, who, key, path);
            return Task.FromResult(ExitCodes.Success);
        });
    }

    /// <summary><c>dr people rotate NAME</c></summary>
    public static Command Rotate(CommandContext context)
    {
        var (name, file) = (Name("Who gets a new key."), PeopleFile.Option());
        var replace = new Option<bool>("--replace") { Description = "Forget the keys so far; otherwise the newest of them stays good beside the new one." };
        return context.Command("rotate", "Make a new key for somebody, and show it once.", [name, replace, file], (invocation, _) =>
        {
            var (path, who) = (invocation.Value(file), invocation.Value(name));
            var people = PeopleFile.Read(path);
            var person = PeopleFile.Find(people, who, path);
            var key = NewKey();
            people[people.IndexOf(person)] = person with
            {
                Keys = [.. invocation.Value(replace) ? [] : person.Keys.TakeLast(1), PersonalKeys.Hash(key)],
            };
            PeopleFile.Write(path, people);
            Show(invocation, who, key, path);
            return Task.FromResult(ExitCodes.Success);
        });
    }

    /// <summary><c>dr people remove NAME</c></summary>
    public static Command Remove(CommandContext context)
    {
        var (name, file) = (Name("Who is removed."), PeopleFile.Option());
        return context.Command("remove", "Remove somebody.", [name, file], (invocation, _) =>
        {
            var (path, who) = (invocation.Value(file), invocation.Value(name));
            var people = PeopleFile.Read(path);
            people.Remove(PeopleFile.Find(people, who, path));
            PeopleFile.Write(path, people);
            if (invocation.Output.IsJson)
            {
                invocation.Output.Document(new { name = who, removed = true });
            }
            else
            {
                invocation.Output.Say($"[green]✓[/] {Output.Text(who)} is removed from {Output.Text(path)}; the app knows once it has the new setting.");
            }

            return Task.FromResult(ExitCodes.Success);
        });
    }

    /// <summary><c>dr people list</c></summary>
    public static Command List(CommandContext context)
    {
        var file = PeopleFile.Option();
        return context.Command("list", "List who may do what.", [file], (invocation, _) =>
        {
            var people = PeopleFile.Read(invocation.Value(file));
            if (invocation.Output.IsJson)
            {
                invocation.Output.Document(new { people = people.Select(person => new { person.Name, person.Roles, keys = person.Keys.Count }) });
                return Task.FromResult(ExitCodes.Success);
            }

            var table = new Listing("name", "roles", "keys");
            foreach (var person in people)
            {
                table.AddRow(Output.Text(person.Name), Output.Text(string.Join(", ", person.Roles)), $"{person.Keys.Count}");
            }

            invocation.Output.Say(table);
            return Task.FromResult(ExitCodes.Success);
        });
    }

    private static string NewKey()
    {
        using var random = RandomNumberGenerator.Create();
        return PersonalKeys.Create(random);
    }

    private static void Show(CommandInvocation invocation, string name, string key, string path)
    {
        if (invocation.Output.IsJson)
        {
            invocation.Output.Document(new { name, key });
            return;
        }

        invocation.Output.Say($"[green]✓[/] {Output.Text(path)} has a new key for {Output.Text(name)}. It is shown once, and nobody can show it again:");
        invocation.Output.Raw(key);
        invocation.Output.Say($"Next: az functionapp config appsettings set -g GROUP -n APP_NAME --settings Dr__People=@{Output.Text(path)}");
    }
}
