using System.Reflection;
using System.Security.Cryptography;
using DrFunctions.Cli.Processes;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>
/// Azurite, installed from npm by the repository's own lock file: exactly those packages, checked by their hashes, none of
/// their install scripts run.
/// </summary>
/// <remarks>
/// An installation is made beside its place and renamed when it is complete, under a lock between processes; what a killed one
/// left is removed by the next. The name carries the lock file's hash, so a new pin is a new installation.
/// </remarks>
internal static class AzuriteInstallation
{
    private const string EntryPoint = "node_modules/azurite/dist/src/blob/main.js";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The blob service's script, installed if it was absent.</summary>
    /// <param name="toolsDirectory">Where installations live.</param>
    /// <param name="tools">Node and npm.</param>
    /// <param name="say">Told what takes long, once.</param>
    /// <param name="time">Paces the waits.</param>
    /// <param name="cancellationToken">Stops npm.</param>
    /// <exception cref="CliException">npm failed; the message ends with its last lines.</exception>
    public static async Task<string> EnsureAsync(
        string toolsDirectory, Toolchain tools, Action<string> say, TimeProvider time, CancellationToken cancellationToken)
    {
        var lockFile = ReadResource("azurite/package-lock.json");
        var place = Path.Combine(toolsDirectory, $"azurite-{Convert.ToHexStringLower(SHA256.HashData(lockFile))[..12]}");
        var script = Path.Combine(place, EntryPoint);
        if (File.Exists(script))
        {
            return script;
        }

        Directory.CreateDirectory(toolsDirectory);
        await using var held = await FileLock.TakeAsync(
            Path.Combine(toolsDirectory, "azurite.lock"), () => say("Another dr is installing Azurite; waiting for it."), time, cancellationToken);
        if (!File.Exists(script))
        {
            say("Installing Azurite 3.37.0 from npm (once, about a minute) …");
            await InstallAsync(place, lockFile, tools, time, cancellationToken);
        }

        return script;
    }

    private static async Task InstallAsync(
        string place, byte[] lockFile, Toolchain tools, TimeProvider time, CancellationToken cancellationToken)
    {
        var partial = place + ".partial";
        StateDirectory.Begin(partial);
        await File.WriteAllBytesAsync(Path.Combine(partial, "package.json"), ReadResource("azurite/package.json"), cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(partial, "package-lock.json"), lockFile, cancellationToken);
        await using var npm = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                Name = "npm",
                FileName = tools.Npm,
                Arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                WorkingDirectory = partial,
                LogFile = place + ".npm.log",
            },
            time,
            cancellationToken);
        var code = await FinishAsync(npm, time, cancellationToken);
        if (code != 0 || !File.Exists(Path.Combine(partial, EntryPoint)))
        {
            throw new CliException("ToolMissing",
                $"npm ci for Azurite ended with {code}:\n{string.Join('\n', npm.ReadLogTail(8))}",
                $"Check the network and `npm config get registry`, then repeat the command; npm's output is in {npm.LogFile}.");
        }

        if (Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true); // without its script, so damaged
        }

        Directory.Move(partial, place);
    }

    private static async Task<int> FinishAsync(ChildProcess npm, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await npm.Exited.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException failure)
        {
            throw new CliException("ToolMissing", $"npm ci for Azurite had not finished after {Patience.TotalMinutes:0} minutes.",
                $"Check the network and `npm config get registry`; npm's output is in {npm.LogFile}.", failure);
        }
    }

    private static byte[] ReadResource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {name}.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
