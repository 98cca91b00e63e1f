using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.App.RestoreTests;

/// <summary>Keeps how far restore tests are, and what they showed.</summary>
public sealed class RestoreTestLog(IDocumentStore documents)
{
    /// <summary>How far a policy's tests are; null before the first look at its schedule.</summary>
    public Task<Stored<RestoreTestState>?> FindStateAsync(string workload, string policy, CancellationToken cancellationToken) =>
        documents.ReadAsync<RestoreTestState>(StateKey(workload, policy), cancellationToken);

    /// <summary>Writes over what was read; false when another has written since.</summary>
    public Task<bool> TryWriteStateAsync(
        string workload, string policy, RestoreTestState state, Stored<RestoreTestState>? seen, CancellationToken cancellationToken) =>
        documents.TryWriteAsync(StateKey(workload, policy), state, seen, cancellationToken);

    /// <summary>How far the tests of all policies of a workload are, those included that its plan no longer has.</summary>
    public async Task<IReadOnlyList<Stored<RestoreTestState>>> ReadStatesAsync(string workload, CancellationToken cancellationToken)
    {
        var states = new List<Stored<RestoreTestState>>();
        await foreach (var key in documents.ListAsync($"testing/{workload}/", cancellationToken))
        {
            if (await documents.ReadAsync<RestoreTestState>(key, cancellationToken) is { } state)
            {
                states.Add(state);
            }
        }

        return states;
    }

    /// <summary>What an attempt showed; null when nothing was written of it.</summary>
    public async Task<RestoreTestEvidence?> FindAsync(RestoreTestInput job, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<RestoreTestEvidence>(Key(job.Workload, job.Policy, job.Name), cancellationToken))?.Value;

    /// <summary>What the policy's last test showed; null when there was none.</summary>
    public async Task<RestoreTestEvidence?> FindLastAsync(string workload, string policy, CancellationToken cancellationToken)
    {
        string? last = null;
        await foreach (var key in documents.ListAsync(Key(workload, policy, ""), cancellationToken))
        {
            last = key;
        }

        return last is null ? null : (await documents.ReadAsync<RestoreTestEvidence>(last, cancellationToken))?.Value;
    }

    /// <summary>Writes what an attempt showed, chained to the test before, or reads what was written of it already.</summary>
    public async Task<RestoreTestEvidence> KeepAsync(RestoreTestEvidence evidence, CancellationToken cancellationToken)
    {
        var key = Key(evidence.Workload, evidence.Policy, evidence.Name);
        if (await documents.ReadAsync<RestoreTestEvidence>(key, cancellationToken) is { } known)
        {
            return known.Value;
        }

        var before = await FindLastAsync(evidence.Workload, evidence.Policy, cancellationToken);
        var sealedOne = (evidence with { Previous = before?.Hash ?? RestoreTestEvidence.Genesis }).Sealed();
        return await documents.TryCreateAsync(key, sealedOne, cancellationToken)
            ? sealedOne
            : (await documents.ReadAsync<RestoreTestEvidence>(key, cancellationToken))?.Value ?? throw new RecoveryException(
                "DocumentMissing", $"The document '{key}' is missing though it exists.", isTransient: true, "Try again.");
    }

    private static string StateKey(string workload, string policy) => $"testing/{workload}/{policy}";

    private static string Key(string workload, string policy, string name) => $"restoretests/{workload}/{policy}/{name}";
}
