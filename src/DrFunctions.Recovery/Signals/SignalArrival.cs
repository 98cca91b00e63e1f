using System.Globalization;
using System.Text.RegularExpressions;

namespace DrFunctions.Recovery.Signals;

/// <summary>
/// When a signal arrived, as a document's key: <c>arrivals/{workload or _}/{time}-{hash}</c>. The time counts down, so that a list
/// of keys begins with the newest.
/// </summary>
/// <param name="Folder">The workload, or <c>_</c> for none.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="SignalId">The signal.</param>
public readonly partial record struct SignalArrival(string Folder, DateTimeOffset ReceivedAt, string SignalId)
{
    /// <summary>The document's key.</summary>
    public string Key => $"arrivals/{Folder}/{Countdown}-{SignalId}";

    /// <summary>Its place among the arrivals of all workloads, in ordinal order.</summary>
    public string Position => $"{Countdown}-{SignalId}.{Folder}";

    private string Countdown => (DateTimeOffset.MaxValue.UtcTicks - ReceivedAt.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>The arrival of a signal.</summary>
    public static SignalArrival Of(SignalRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new SignalArrival(record.Workload ?? SignalLog.Nobody, record.Signal.ReceivedAt, record.Signal.Id);
    }

    /// <summary>What the keys of a workload's arrivals begin with; of all, when it is null.</summary>
    public static string Prefix(string? workload) => workload is null ? "arrivals/" : $"arrivals/{workload}/";

    /// <summary>Whether a text can be a <see cref="Position"/>.</summary>
    public static bool IsPosition(string? text) => text is not null && PositionShape().IsMatch(text);

    /// <summary>Reads a key; false when it is none.</summary>
    public static bool TryParse(string key, out SignalArrival arrival)
    {
        ArgumentNullException.ThrowIfNull(key);
        arrival = default;
        if (key.Split('/') is not ["arrivals", var folder, { Length: > 20 } rest]
            || rest[19] != '-'
            || !long.TryParse(rest.AsSpan(0, 19), NumberStyles.None, CultureInfo.InvariantCulture, out var countdown)
            || countdown > DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }

        arrival = new SignalArrival(folder, new DateTimeOffset(DateTimeOffset.MaxValue.UtcTicks - countdown, TimeSpan.Zero), rest[20..]);
        return true;
    }

    [GeneratedRegex(@"\A[0-9]{19}-[0-9a-zA-Z]{1,64}\.([a-z][a-z0-9-]{0,39}|_)\z", RegexOptions.CultureInvariant)]
    private static partial Regex PositionShape();
}
