using System.Diagnostics;

namespace DrFunctions.Simulator.Tests.Dns;

/// <summary>A theory about a tool; skipped, and seen to be skipped, where the tool is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(string tool, string package)
    {
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!paths.Any(path => File.Exists(Path.Combine(path, tool))))
        {
            Skip = $"{tool} is not installed (Debian package {package}).";
        }
    }

    /// <summary>What the tool writes, runs of blanks as one.</summary>
    public static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true })!; // not a shell's
        using var patience = new CancellationTokenSource(Simulation.Patience);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{tool} ended with {process.ExitCode}: {output}");
        return string.Join(' ', output.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }
}
