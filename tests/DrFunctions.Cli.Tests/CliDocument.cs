using System.CommandLine;
using System.Text;

namespace DrFunctions.Cli.Tests;

/// <summary>docs/cli.md: every command with its arguments and options, written from the commands themselves.</summary>
internal static class CliDocument
{
    /// <summary>Writes it.</summary>
    public static string Write(RootCommand root)
    {
        var text = new StringBuilder();
        text.Append("# The command dr\n\nWritten from the commands by a test; not to be edited. Every command takes:\n\n");
        Options(text, root.Options);
        text.Append("\nExit codes: 0 done, 1 failed, 2 bad input, 3 this machine lacks something, 4 no answer, 5 not allowed, 6 not found, 7 another\nrun or a legal hold is in the way, 8 a run did not reach its goal, 9 data or evidence is not what it should be, 130 stopped.\n");
        foreach (var command in root.Subcommands)
        {
            Command(text, command, "dr");
        }

        return text.ToString();
    }

    private static void Command(StringBuilder text, Command command, string path)
    {
        var name = $"{path} {command.Name}";
        if (command.Subcommands.Count > 0)
        {
            text.Append($"\n## {name}\n\n{Sentence(command.Description)}\n");
            foreach (var sub in command.Subcommands)
            {
                Command(text, sub, name);
            }

            return;
        }

        var arguments = string.Concat(command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" {argument.Name}"));
        text.Append($"\n{(path == "dr" ? "##" : "###")} {name}{arguments}\n\n{Sentence(command.Description)}\n");
        if (command.Arguments.Count + command.Options.Count > 0)
        {
            text.Append('\n');
        }

        foreach (var argument in command.Arguments)
        {
            text.Append($"* `{argument.Name}`: {Sentence(argument.Description)}\n");
        }

        Options(text, command.Options);
    }

    private static void Options(StringBuilder text, IEnumerable<Option> options)
    {
        foreach (var option in options.Where(option => !option.Hidden))
        {
            var value = option.ValueType == typeof(bool) || option.HelpName is null ? "" : $" {option.HelpName}";
            text.Append($"* `{option.Name}{value}`{(option.Required ? " (required)" : "")}: {Sentence(option.Description)}\n");
        }
    }

    private static string Sentence(string? text) => (text ?? "").Replace("<", "&lt;", StringComparison.Ordinal);
}
