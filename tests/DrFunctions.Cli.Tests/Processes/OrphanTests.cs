using System.Diagnostics;
using System.Globalization;
using DrFunctions.Testing.Emulators;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Processes;

/// <summary>What a dr that ends leaves behind: a real dr, with an npm that never ends as its child.</summary>
public sealed class OrphanTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(Signal.Kill)]
    [InlineData(Signal.Terminate)]
    [InlineData(2)]
    public async Task Dr_EndedByASignal_LeavesNoProcess(int signal)
    {
        using var dr = StartDr(out var childFile);
        await ChildProcessTests.AwaitAsync(() => File.Exists(childFile) && new FileInfo(childFile).Length > 0);
        var child = int.Parse(await File.ReadAllTextAsync(childFile), CultureInfo.InvariantCulture);
        Assert.True(Directory.Exists($"/proc/{child}"));

        Signal.Send(dr, signal);
        await dr.WaitForExitAsync().WaitAsync(Patience);

        await ChildProcessTests.AwaitAsync(() => !Directory.Exists($"/proc/{child}"));
    }

    public void Dispose() => _folder.Dispose();

    private Process StartDr(out string childFile)
    {
        var tools = _folder.Combine("bin");
        childFile = _folder.Combine("npm.pid");
        Directory.CreateDirectory(tools);
        WriteScript(Path.Combine(tools, "node"), "exit 0");
        WriteScript(Path.Combine(tools, "npm"), $"echo $$ > '{childFile}.tmp'; mv '{childFile}.tmp' '{childFile}'; while :; do sleep 0.1; done");
        // A job in the background has SIGINT ignored, and so would its children: dr gets the terminal's disposition.
        var start = new ProcessStartInfo("env") { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        var port = 20_000 + (Environment.ProcessId % 1000 * 10);
        foreach (var argument in (string[])["--default-signal=INT", "dotnet", typeof(DrCommandLine).Assembly.Location, "up", "--port-base", port.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment.Remove("DR_TOOLS");
        return Process.Start(start) ?? throw new InvalidOperationException("dr did not start.");
    }

    private static void WriteScript(string path, string script)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
