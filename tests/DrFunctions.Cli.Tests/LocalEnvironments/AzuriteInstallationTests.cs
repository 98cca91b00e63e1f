using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.LocalEnvironments;

public sealed class AzuriteInstallationTests : IDisposable
{
    private const string Installs = "mkdir -p node_modules/azurite/dist/src/blob && echo x > node_modules/azurite/dist/src/blob/main.js && echo once >> ../runs";
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    private string Tools => _folder.Combine("tools");

    [Fact]
    public async Task Ensure_InstallsOnceByTheRepositorysLockFile()
    {
        var tools = Npm($"test \"$*\" = 'ci --ignore-scripts --no-audit --no-fund' && {Installs}");

        var first = await EnsureAsync(tools);
        var second = await EnsureAsync(tools);

        Assert.Equal(first, second);
        Assert.True(File.Exists(first));
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(Tools, "runs")));
        var locked = Path.Combine(first[..first.IndexOf("/node_modules/", StringComparison.Ordinal)], "package-lock.json");
        Assert.Equal(await File.ReadAllTextAsync(RepositoryRoot.Combine("tools", "azurite", "package-lock.json")), await File.ReadAllTextAsync(locked));
        Assert.Single(_said);
    }

    [Fact]
    public async Task Ensure_WhenNpmFails_ShowsItsLastLines()
    {
        var tools = Npm("echo 'npm error network unreachable' >&2; exit 1");

        var failure = await Assert.ThrowsAsync<CliException>(() => EnsureAsync(tools));

        Assert.Equal(ExitCodes.Machine, ExitCodes.Of(failure));
        Assert.StartsWith("npm ci for Azurite ended with 1:\nnpm error network unreachable", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_AfterAKilledInstallation_StartsAnew()
    {
        using (var killed = new CancellationTokenSource())
        {
            var hanging = EnsureAsync(Npm("mkdir -p node_modules/half; echo > ../begun; while :; do sleep 0.1; done"), killed.Token);
            await Processes.ChildProcessTests.AwaitAsync(() => File.Exists(Path.Combine(Tools, "begun")));
            await killed.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        }

        var script = await EnsureAsync(Npm($"test ! -e node_modules/half && {Installs}"));

        Assert.True(File.Exists(script));
        Assert.DoesNotContain(Directory.GetDirectories(Tools), path => path.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ensure_CalledTwiceAtOnce_InstallsOnce()
    {
        var tools = Npm($"sleep 0.5; {Installs}");

        var scripts = await Task.WhenAll(EnsureAsync(tools), EnsureAsync(tools));

        Assert.Equal(scripts[0], scripts[1]);
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(Tools, "runs")));
    }

    public void Dispose() => _folder.Dispose();

    private Task<string> EnsureAsync(Toolchain tools, CancellationToken cancellationToken = default) => AzuriteInstallation.EnsureAsync(
        Tools,
        tools,
        text =>
        {
            lock (_said)
            {
                _said.Add(text);
            }
        },
        TimeProvider.System,
        cancellationToken);

    private Toolchain Npm(string script)
    {
        var path = _folder.Combine($"npm-{Guid.NewGuid():N}");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new Toolchain("dotnet", "node", path);
    }
}
