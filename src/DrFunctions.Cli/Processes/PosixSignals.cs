using System.Runtime.InteropServices;

namespace DrFunctions.Cli.Processes;

/// <summary>Signals that .NET cannot send: everything but SIGKILL.</summary>
internal static partial class PosixSignals
{
    // The numbers of Linux; STOP and CONT differ on macOS.
    private static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;
    private const int Kill = 9;
    private const int Terminate = 15;

    public static bool TryTerminate(int processId) => Send(processId, Terminate) == 0;

    public static bool TryKill(int processId) => Send(processId, Kill) == 0;

    public static bool TrySuspend(int processId) => Send(processId, Stop) == 0;

    public static bool TryResume(int processId) => Send(processId, Continue) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int processId, int signal);
}
