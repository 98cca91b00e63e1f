using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Incidents;

/// <summary>
/// What people decided about incidents and about the runs that these may start. Create-only: a decision made twice is the first one.
/// The orchestration reads them before every look, so that nothing but the record counts.
/// </summary>
public sealed class IncidentOpinions(IDocumentStore documents, TimeProvider time)
{
    /// <summary>Records what a person decided about an incident.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="kind">Approve, decline or override.</param>
    /// <param name="rule">The rule that is overridden; null otherwise.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What is recorded, which is the earlier one when there was one.</returns>
    public Task<DecisionRecord> AddAsync(
        IncidentRecord incident, DecisionKind kind, string? rule, CallerIdentity by, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(by);
        var decision = new DecisionRecord(1, incident.Id, null, 0, kind, by, time.GetUtcNow(), reason) { Rule = rule };
        var name = $"{kind.ToString().ToLowerInvariant()}{(rule is null ? "" : $"-{CallerName.ToKeyPart(rule)}")}-{CallerName.ToKeyPart(by.Name)}";
        return CreateAsync($"{Prefix(incident.Workload, incident.Id)}{name}", decision, cancellationToken);
    }

    /// <summary>The decisions about an incident, oldest first.</summary>
    public async Task<IReadOnlyList<DecisionRecord>> ReadAsync(string workload, string incidentId, CancellationToken cancellationToken)
    {
        var found = new List<DecisionRecord>();
        await foreach (var key in documents.ListAsync(Prefix(workload, incidentId), cancellationToken))
        {
            if (await documents.ReadAsync<DecisionRecord>(key, cancellationToken) is { } stored)
            {
                found.Add(stored.Value);
            }
        }

        return [.. found.OrderBy(decision => decision.At)];
    }

    /// <summary>Records that a person has seen to a run's end, so that the next run may start before the cooldown is over.</summary>
    public Task<Acknowledgement> AcknowledgeAsync(
        string workload, string runId, CallerIdentity by, string reason, CancellationToken cancellationToken) =>
        CreateAsync(AcknowledgementKey(workload, runId), new Acknowledgement(1, runId, by, time.GetUtcNow(), reason), cancellationToken);

    /// <summary>Who acknowledged a run; null when nobody did.</summary>
    public async Task<Acknowledgement?> FindAcknowledgementAsync(string workload, string runId, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<Acknowledgement>(AcknowledgementKey(workload, runId), cancellationToken))?.Value;

    private async Task<T> CreateAsync<T>(string key, T value, CancellationToken cancellationToken)
        where T : class =>
        await documents.TryCreateAsync(key, value, cancellationToken)
            ? value
            : (await documents.ReadAsync<T>(key, cancellationToken)
                ?? throw new DocumentStoreException($"'{key}' exists and cannot be read.", isTransient: true)).Value;

    private static string Prefix(string workload, string incidentId) => $"incidents/{workload}/{incidentId}/decisions/";

    private static string AcknowledgementKey(string workload, string runId) => $"acknowledgements/{workload}/{runId}";
}

/// <summary>A person's word that a run's end was seen to.</summary>
/// <param name="Schema">1.</param>
/// <param name="RunId">The run.</param>
/// <param name="By">Who, and how that is known.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why, in the person's words.</param>
public sealed record Acknowledgement(int Schema, string RunId, CallerIdentity By, DateTimeOffset At, string Reason);
