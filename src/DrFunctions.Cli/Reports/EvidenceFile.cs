using System.Globalization;
using System.Text.Json;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Journal;

namespace DrFunctions.Cli.Reports;

/// <summary>A run's evidence as text.</summary>
internal static class EvidenceFile
{
    /// <summary>The most that is read of one; a run's evidence is a few hundred kilobytes.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <exception cref="CliException">It is too large, or no evidence.</exception>
    public static async Task<RunEvidence> ReadAsync(string path, CancellationToken cancellationToken) =>
        new FileInfo(path).Length <= MaxBytes
            ? Parse(await File.ReadAllTextAsync(path, cancellationToken), path)
            : throw NotEvidence(path, $"it is larger than {MaxBytes} bytes");

    /// <summary>Reads a text.</summary>
    /// <param name="text">JSON, as <c>dr report export</c> writes it.</param>
    /// <param name="source">Where it came from, in messages.</param>
    /// <exception cref="CliException">It is no evidence.</exception>
    public static RunEvidence Parse(string text, string source)
    {
        try
        {
            var evidence = JsonSerializer.Deserialize<RunEvidence>(text, DocumentJson.Options) ?? throw NotEvidence(source, "it is null");

            // The serializer refuses a null where a member must not be one, but not inside of a list.
            return evidence.Entries.All(IsWhole) && (evidence.Copies ?? []).All(copy => copy is not null)
                ? evidence
                : throw NotEvidence(source, "an entry or a copy of it is null");
        }
        catch (JsonException failure)
        {
            throw NotEvidence(source, failure is { Path: { } path, LineNumber: { } line }
                ? string.Create(CultureInfo.InvariantCulture, $"what stands at {path}, line {line + 1}, is not what an export has there")
                : "it is no JSON with what an export has");
        }
    }

    /// <summary>Checks evidence.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="source">Where it came from, in messages.</param>
    /// <param name="kept">A last hash that was kept elsewhere; null for none.</param>
    /// <exception cref="CliException">It is not intact; the message names the first wrong entry.</exception>
    public static EvidenceFinding Verify(RunEvidence evidence, string source, string? kept = null)
    {
        var found = EvidenceVerification.Verify(evidence, kept);
        return found.IsIntact
            ? found
            : throw new CliException("NotVerified", $"{source} is not intact: {found.Detail}.",
                "Get it again with dr report export RUN; if that is broken too, compare the journals in both regions.");
    }

    private static bool IsWhole(JournalEntry? entry) => entry is not null && entry.Facts.Values.All(value => value is not null);

    private static CliException NotEvidence(string source, string why) => new(
        "NotVerified", $"{source} is no evidence of a run: {why}.", "Give a file that dr report export RUN --out FILE wrote.");
}
