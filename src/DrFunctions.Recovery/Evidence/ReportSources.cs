using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Evidence;

/// <summary>What a report is made of.</summary>
/// <param name="Run">The run.</param>
/// <param name="Entries">Its journal.</param>
/// <param name="Evidence">What the check of its evidence found.</param>
public sealed record ReportSources(RunView Run, IReadOnlyList<JournalEntry> Entries, EvidenceFinding Evidence)
{
    /// <summary>The incident that started it; null when a person did, or it is not known any more.</summary>
    public IncidentRecord? Incident { get; init; }

    /// <summary>What people decided, in the order they did.</summary>
    public IReadOnlyList<DecisionRecord> Decisions { get; init; } = [];

    /// <summary>How long steps were expected to take, by their names.</summary>
    public IReadOnlyDictionary<string, StepEstimate> Estimates { get; init; } = new Dictionary<string, StepEstimate>();
}
