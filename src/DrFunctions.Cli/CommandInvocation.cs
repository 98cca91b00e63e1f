using System.CommandLine;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli;

/// <summary>One call of a command.</summary>
internal sealed class CommandInvocation(CommandContext context, ParseResult parsed)
{
    /// <summary>What it says.</summary>
    public Output Output { get; private set; } = new(context.Host.Out, context.Host.Error, parsed.GetValue(context.Json));

    /// <summary>The clock.</summary>
    public TimeProvider Time => context.Host.Time;

    /// <summary>The machine.</summary>
    public CliHost Host => context.Host;

    /// <summary>The state directory.</summary>
    public StateDirectory State => StateDirectory.At(parsed.GetValue(context.State));

    /// <summary>From now on all that is said is said on standard error: standard output carries bytes.</summary>
    public void SpeakOnError() => Output = new Output(context.Host.Error, context.Host.Error, json: false);

    /// <summary>An option's value.</summary>
    public T Value<T>(Option<T> option) => parsed.GetValue(option)!; // an option without a default is declared nullable

    /// <summary>An argument's value.</summary>
    public T Value<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>A client of the app that the person named, or of the running local environment.</summary>
    /// <exception cref="CliException">None is named and none runs here.</exception>
    public DrClient OpenApp() => new(AppConnection.Resolve(context.Url(parsed), State, context.Host.Variable));
}
