using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime.Shutdown;

/// <summary>How long a stopping host waits, and for what.</summary>
/// <param name="Total">How long a stop may take altogether; what has not ended then is left behind.</param>
internal sealed record ShutdownTimes(TimeSpan Total)
{
    /// <summary>The standard setting of .NET hosts: a number of seconds, also as <c>DOTNET_</c> or <c>ASPNETCORE_SHUTDOWNTIMEOUTSECONDS</c>.</summary>
    public const string Setting = "shutdownTimeoutSeconds";

    private const int LongestSeconds = 3600;

    /// <summary>Unless a setting says otherwise: less than the 30 s after which most platforms kill.</summary>
    public static readonly ShutdownTimes Default = new(TimeSpan.FromSeconds(25));

    /// <summary>How long requests may go on before their functions are told to stop, and activities after they were told.</summary>
    public TimeSpan Grace => Total / 5;

    /// <summary>Reads the setting; a wrong one is a problem.</summary>
    public static ShutdownTimes Read(IConfiguration settings, List<string> problems)
    {
        if (settings[Setting] is not { Length: > 0 } text)
        {
            return Default;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= LongestSeconds)
        {
            return new ShutdownTimes(TimeSpan.FromSeconds(seconds));
        }

        problems.Add($"setting {Setting} is '{text}', expected whole seconds from 1 to {LongestSeconds}");
        return Default;
    }
}
