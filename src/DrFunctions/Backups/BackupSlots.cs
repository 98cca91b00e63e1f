using System.Globalization;
using DrFunctions.Recovery;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.App.Backups;

/// <summary>
/// How many backups this process takes or copies at once. Schedules fall due together, in a fleet hundreds of them, and each reads and
/// writes as fast as it can: without a limit an alert would wait for all of them. Thread-safe.
/// </summary>
public sealed class BackupSlots
{
    /// <summary>The setting: a whole number from 1 to 64.</summary>
    public const string Setting = "Dr__BackupsAtOnce";

    private const int Usual = 4;
    private const int Most = 64;

    private int _free;

    /// <summary>Reads the setting.</summary>
    /// <exception cref="RecoveryException">It is no such number (<c>InvalidSettings</c>).</exception>
    public BackupSlots(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var text = configuration["Dr:BackupsAtOnce"];
        _free = string.IsNullOrEmpty(text) ? Usual
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= Most ? count
            : throw new RecoveryException(
                "InvalidSettings", $"{Setting}: '{text}', expected a whole number from 1 to {Most}.", isTransient: false, $"Correct the app setting {Setting}.");
    }

    /// <summary>A place, which is given back when it is disposed; null when none is free.</summary>
    public IDisposable? TryTake()
    {
        if (Interlocked.Decrement(ref _free) >= 0)
        {
            return new Slot(this);
        }

        Interlocked.Increment(ref _free);
        return null;
    }

    private sealed class Slot(BackupSlots slots) : IDisposable
    {
        private int _isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
            {
                Interlocked.Increment(ref slots._free);
            }
        }
    }
}
