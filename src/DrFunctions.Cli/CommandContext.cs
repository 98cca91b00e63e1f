using System.CommandLine;

namespace DrFunctions.Cli;

/// <summary>What all commands share: the host, the common options and the border where failures become messages.</summary>
internal sealed class CommandContext(CliHost host)
{
    /// <summary>The machine.</summary>
    public CliHost Host { get; } = host;

    /// <summary><c>--json</c>.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Write one JSON document to standard output, for programs.",
        Recursive = true,
    };

    /// <summary><c>--state</c>.</summary>
    public Option<string?> State { get; } = new("--state")
    {
        Description = "Where the local environment keeps its files (default .dr in the current directory).",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<string?> _url = new("--url")
    {
        Description = "The function app's root (default DR_URL, else the running local environment).",
        HelpName = "URL",
    };

    /// <summary>A command that does not need the app.</summary>
    public Command Command(
        string name, string description, IEnumerable<Symbol> symbols, Func<CommandInvocation, CancellationToken, Task<int>> action)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Option option:
                    command.Options.Add(option);
                    break;
                case Argument argument:
                    command.Arguments.Add(argument);
                    break;
                default:
                    throw new ArgumentException($"A {symbol.GetType().Name} is neither an option nor an argument.", nameof(symbols));
            }
        }

        command.SetAction((parsed, cancellationToken) =>
            FailureBorder.RunAsync(new CommandInvocation(this, parsed), action, cancellationToken));
        return command;
    }

    /// <summary>A command that calls the app; its keys come from variables and files, never from options.</summary>
    public Command AppCommand(
        string name, string description, IEnumerable<Symbol> symbols, Func<CommandInvocation, CancellationToken, Task<int>> action) =>
        Command(name, description, [.. symbols, _url], action);

    /// <summary>Where the person said the app is.</summary>
    public string? Url(ParseResult parsed) => parsed.GetValue(_url);
}
