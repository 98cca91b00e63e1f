using System.Text.Json;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;

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
            return JsonSerializer.Deserialize<RunEvidence>(text, DocumentJson.Options) ?? throw NotEvidence(source, "it is null");
        }
        catch (JsonException failure)
        {
            throw NotEvidence(source, failure.Message);
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

    private static CliException NotEvidence(string source, string why) => new(
        "NotVerified", $"{source} is no evidence of a run: {why}.", "Give a file that dr report export RUN --out FILE wrote.");
}
