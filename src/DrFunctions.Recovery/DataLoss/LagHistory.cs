using System.Globalization;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>
/// Keeps samples: one document an hour, <c>lag/{workload}/{yyyyMMddHH}</c>, at most one sample a minute, for <see cref="Hours"/> hours.
/// </summary>
public sealed class LagHistory(IDocumentStore documents)
{
    /// <summary>How many hours are kept, the current one included.</summary>
    public const int Hours = 48;

    private const int Attempts = 16;

    /// <summary>Adds a sample; false, and nothing changed, when its minute has one.</summary>
    public async Task<bool> AddAsync(string workload, LagSample sample, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var key = Key(workload, sample.At);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await documents.ReadAsync<LagHour>(key, cancellationToken);
            if (seen?.Value.Samples.Any(other => Minute(other.At) == Minute(sample.At)) == true)
            {
                return false;
            }

            var hour = new LagHour(1, [.. (seen?.Value.Samples ?? []).Append(sample).OrderBy(each => each.At)]);
            if (!await documents.TryWriteAsync(key, hour, seen, cancellationToken))
            {
                continue;
            }

            if (seen is null)
            {
                await ForgetAsync(workload, sample.At, cancellationToken);
            }

            return true;
        }

        throw new RecoveryException("LagContended", $"'{key}' changed {Attempts} times while it was being written.", isTransient: true, "Try again.");
    }

    /// <summary>The samples of the hours that the time reaches into, oldest first.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="now">The newest moment of interest.</param>
    /// <param name="back">How far back; at most <see cref="Hours"/> hours are looked at.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<IReadOnlyList<LagSample>> ReadAsync(string workload, DateTimeOffset now, TimeSpan back, CancellationToken cancellationToken)
    {
        var samples = new List<LagSample>();
        var hours = Math.Min(Hours, (int)Math.Ceiling(back.TotalHours) + 1);
        for (var hour = hours - 1; hour >= 0; hour--)
        {
            if (await documents.ReadAsync<LagHour>(Key(workload, now - TimeSpan.FromHours(hour)), cancellationToken) is { } stored)
            {
                samples.AddRange(stored.Value.Samples);
            }
        }

        return samples;
    }

    // Once an hour; what a death leaves lying goes with the next hour's.
    private async Task ForgetAsync(string workload, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldest = Key(workload, now - TimeSpan.FromHours(Hours - 1));
        await foreach (var key in documents.ListAsync($"lag/{workload}/", cancellationToken))
        {
            if (string.CompareOrdinal(key, oldest) < 0 && await documents.ReadAsync(key, cancellationToken) is { } old)
            {
                _ = await documents.TryDeleteAsync(key, old.ETag, cancellationToken);
            }
        }
    }

    private static long Minute(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMinute;

    private static string Key(string workload, DateTimeOffset time) =>
        $"lag/{workload}/{time.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture)}";

    private sealed record LagHour(int Schema, IReadOnlyList<LagSample> Samples);
}
