using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Evaluation;

/// <summary>Keeps the latest evaluation of each workload.</summary>
public sealed class EvaluationLog(IDocumentStore documents)
{
    private const int Attempts = 16;

    /// <summary>The latest evaluation; null when there was none.</summary>
    public async Task<PlanEvaluation?> FindAsync(string workload, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<PlanEvaluation>(Key(workload), cancellationToken))?.Value;

    /// <summary>Keeps an evaluation, unless a later one is there.</summary>
    public async Task KeepAsync(PlanEvaluation evaluation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await documents.ReadAsync<PlanEvaluation>(Key(evaluation.Workload), cancellationToken);
            if (seen?.Value.EvaluatedAt > evaluation.EvaluatedAt
                || await documents.TryWriteAsync(Key(evaluation.Workload), evaluation, seen, cancellationToken))
            {
                return;
            }
        }

        throw new RecoveryException(
            "EvaluationContended",
            $"The evaluation of '{evaluation.Workload}' changed {Attempts} times while it was being written.",
            isTransient: true,
            "Try again.");
    }

    private static string Key(string workload) => $"evaluations/{workload}/latest";
}
