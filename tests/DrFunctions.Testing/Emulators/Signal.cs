using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DrFunctions.Testing.Emulators;

/// <summary>POSIX signals; on Windows only the two that end a process, which both end it at once.</summary>
public static class Signal
{
    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCONT.</summary>
    public static int Continue => OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>SIGSTOP.</summary>
    public static int Stop => OperatingSystem.IsMacOS() ? 17 : 19;

    /// <summary>Sends a signal; nothing happens when the process has ended.</summary>
    /// <exception cref="PlatformNotSupportedException">Windows knows no such signal.</exception>
    public static void Send(Process process, int signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (process.HasExited)
        {
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            _ = SendSignal(process.Id, signal);
        }
        else if (signal is Kill or Terminate)
        {
            process.Kill();
        }
        else
        {
            throw new PlatformNotSupportedException($"Windows has no signal {signal}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
