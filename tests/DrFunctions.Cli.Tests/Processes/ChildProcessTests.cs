using DrFunctions.Cli.Processes;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Processes;

public sealed class ChildProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();

    private string Log => _folder.Combine("logs", "child.log");

    [Fact]
    public async Task Start_GivesTheProgramItsArgumentsEnvironmentAndLog()
    {
        await using var child = await StartAsync("echo \"$1 $COLOUR\"; echo trouble >&2; exit 7", "a b");

        Assert.Equal(7, await child.Exited.WaitAsync(Patience));
        Assert.Equal(["a b green", "trouble"], child.ReadLogTail(5));
    }

    [Fact]
    public async Task Stop_OfAProgramThatListens_LetsItEndItself()
    {
        await using var child = await StartAsync("trap 'echo saved; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        await AwaitAsync(() => child.ReadLogTail(1) is ["ready"]);

        await child.StopAsync(Patience);

        Assert.Equal(0, await child.Exited);
        Assert.Equal("saved", child.ReadLogTail(1)[0]);
    }

    [Fact]
    public async Task Stop_OfAProgramThatDoesNotListen_KillsIt()
    {
        await using var child = await StartAsync("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        await AwaitAsync(() => child.ReadLogTail(1) is ["ready"]);

        await child.StopAsync(TimeSpan.FromMilliseconds(200));

        Assert.Equal(128 + 9, await child.Exited);
    }

    [Fact]
    public async Task Suspend_FreezesUntilResume()
    {
        await using var child = await StartAsync("while :; do sleep 0.05; done");

        child.Suspend();
        await AwaitAsync(() => StateOf(child.Id) == 'T');
        child.Resume();
        await AwaitAsync(() => StateOf(child.Id) != 'T');

        Assert.False(child.Exited.IsCompleted);
    }

    [Fact]
    public async Task Dispose_KillsASuspendedProgram()
    {
        var child = await StartAsync("while :; do sleep 0.05; done");
        child.Suspend();

        await child.DisposeAsync();

        Assert.False(Directory.Exists($"/proc/{child.Id}"));
    }

    [Fact]
    public async Task Start_OfAProgramThatDoesNotExist_EndsWithTheShellsCode()
    {
        await using var child = await ChildProcess.StartAsync(
            new ChildProcessOptions { Name = "it", FileName = _folder.Combine("nothing"), WorkingDirectory = _folder.Path, LogFile = Log },
            TimeProvider.System, CancellationToken.None);

        Assert.Equal(127, await child.Exited.WaitAsync(Patience));
    }

    public void Dispose() => _folder.Dispose();

    private Task<ChildProcess> StartAsync(string script, params string[] arguments) => ChildProcess.StartAsync(
        new ChildProcessOptions
        {
            Name = "the child",
            FileName = "/bin/sh",
            Arguments = ["-c", script, "child", .. arguments],
            Environment = new Dictionary<string, string?> { ["COLOUR"] = "green" },
            WorkingDirectory = _folder.Path,
            LogFile = Log,
        },
        TimeProvider.System,
        CancellationToken.None);

    // The state follows the last ')' of /proc/{pid}/stat: the name before it may hold anything.
    private static char StateOf(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }

    internal static async Task AwaitAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }
}
