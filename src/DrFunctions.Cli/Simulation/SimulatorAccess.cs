using System.CommandLine;
using System.Net;
using System.Text.Json;
using DrFunctions.Simulator.Control;

namespace DrFunctions.Cli.Simulation;

/// <summary>Commands that talk to a running simulator: <c>--control</c> and the words for what goes wrong.</summary>
internal sealed class SimulatorAccess
{
    private readonly Option<string?> _control = new("--control")
    {
        Description = "The simulator's control API (default the one that runs with this state directory).",
        HelpName = "URL",
    };

    /// <summary>A command that needs the simulator.</summary>
    public Command Command(
        CommandContext context, string name, string description, IEnumerable<Symbol> symbols, Func<CommandInvocation, SimulatorClient, CancellationToken, Task> action) =>
        context.Command(name, description, [.. symbols, _control], (invocation, cancellationToken) => RunAsync(invocation, action, cancellationToken));

    private async Task<int> RunAsync(
        CommandInvocation invocation, Func<CommandInvocation, SimulatorClient, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        var control = SimulatorDescriptor.Find(invocation.Value(_control), invocation.State);
        using var client = new SimulatorClient(control);
        try
        {
            await action(invocation, client, cancellationToken);
            return ExitCodes.Success;
        }
        catch (HttpRequestException failure) when (failure.StatusCode is { } status)
        {
            throw new CliException(status == HttpStatusCode.NotFound ? "NotFound" : "BadInput", ReasonOf(failure), "Look with dr sim state or dr sim fault list.", failure);
        }
        catch (HttpRequestException failure)
        {
            throw new CliException("Unreachable", $"The simulator does not answer at {control}: {failure.Message}",
                "It was probably killed. Start one with dr sim start or dr up, or name another with --control.", failure);
        }
    }

    private static string ReasonOf(HttpRequestException failure)
    {
        var at = failure.Message.IndexOf('{', StringComparison.Ordinal);
        try
        {
            return at < 0 ? failure.Message : JsonDocument.Parse(failure.Message[at..]).RootElement.GetProperty("error").GetProperty("message").GetString() ?? failure.Message;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return failure.Message; // the answer of something that is no simulator, as it is
        }
    }
}
