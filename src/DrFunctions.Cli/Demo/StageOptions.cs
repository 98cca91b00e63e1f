using System.CommandLine;
using DrFunctions.Cli.LocalEnvironments;

namespace DrFunctions.Cli.Demo;

/// <summary>The options that <c>dr demo</c> and <c>dr up</c> share, and the stage they describe.</summary>
internal sealed class StageOptions
{
    private const int DefaultMegabytes = 200;
    private const int Mega = 1_000_000;

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Protect these files instead of made ones.",
        HelpName = "DIR",
    };

    private readonly Option<int> _size = new("--size")
    {
        Description = "How many megabytes of files to make.",
        HelpName = "MB",
        DefaultValueFactory = _ => DefaultMegabytes,
    };

    private readonly Option<int> _portBase = new("--port-base")
    {
        Description = "Where the ports are counted from.",
        HelpName = "PORT",
        DefaultValueFactory = _ => LocalPorts.DefaultBase,
    };

    /// <summary>For a command's option list.</summary>
    public IReadOnlyList<Symbol> All => [_data, _size, _portBase];

    /// <summary>Starts the environment; nothing of it outlives the handle.</summary>
    public Task<LocalEnvironment> StartAsync(CommandInvocation invocation, CancellationToken cancellationToken) =>
        LocalEnvironment.StartAsync(
            new LocalEnvironmentOptions
            {
                State = invocation.State,
                Ports = new LocalPorts(invocation.Value(_portBase)),
                ToolsDirectory = invocation.Host.Variable("DR_TOOLS") is { Length: > 0 } tools ? Path.GetFullPath(tools) : null,
                SearchPath = invocation.Host.Variable("PATH") ?? "",
                Say = text => invocation.Output.Say($"    {Terminal.Output.Text(text)}"),
            },
            invocation.Time,
            cancellationToken);

    /// <summary>The files to protect: those the person named, or made ones.</summary>
    public async Task<DataSet> PrepareDataAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        if (invocation.Value(_data) is { } directory)
        {
            return await DataSet.OfDirectoryAsync(directory, cancellationToken);
        }

        var size = invocation.Value(_size);
        if (size is < 1 or > 100_000)
        {
            throw new CliException("BadInput", $"--size is {size}; expected 1 to 100000 megabytes.", "Choose another size, or your own files with --data.");
        }

        var made = Path.Combine(invocation.State.Data, "originals");
        StateDirectory.Begin(made);
        await SampleData.WriteAsync(made, (long)size * Mega, cancellationToken);
        return await DataSet.OfDirectoryAsync(made, cancellationToken);
    }
}
