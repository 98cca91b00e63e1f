using System.Text.Json;
using DrFunctions.Cli.Api;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;

namespace DrFunctions.Cli.Evidence;

/// <summary>A run's evidence as text.</summary>
internal static class EvidenceFile
{
    /// <summary>Reads evidence and checks its hash chain.</summary>
    /// <param name="text">JSON, as <c>dr run evidence</c> writes it.</param>
    /// <param name="source">Where it came from, in messages.</param>
    /// <exception cref="CliException">It is no evidence, or its chain is broken.</exception>
    public static (RunEvidence Evidence, EvidenceCheck Check) Verify(string text, string source)
    {
        RunEvidence? evidence;
        try
        {
            evidence = JsonSerializer.Deserialize<RunEvidence>(text, DocumentJson.Options);
        }
        catch (JsonException failure)
        {
            throw NotEvidence(source, failure.Message);
        }

        if (evidence?.Entries is null)
        {
            throw NotEvidence(source, "it has no entries");
        }

        var check = EvidenceChain.Verify(evidence.Entries);
        return check.IsIntact
            ? (evidence, check)
            : throw new CliException("NotVerified", $"{source} is not intact: {check.Detail}.",
                "Get it again with dr run evidence RUN; if that is broken too, compare the journals in both regions.");
    }

    private static CliException NotEvidence(string source, string why) => new(
        "NotVerified", $"{source} is no evidence of a run: {why}.", "Give a file that dr run evidence RUN --out FILE wrote.");
}
