using System.Collections.Concurrent;
using System.Globalization;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Store;

/// <summary>Keeps plans: every version for ever, and a pointer to the current one. Thread-safe.</summary>
public sealed class PlanStore(IDocumentStore documents, TimeProvider time) : IPlanSource
{
    /// <summary>What the keys of all plans begin with.</summary>
    internal const string Prefix = "plans/";

    private const int Attempts = 64;
    private const int Kept = 2048;

    // A version never changes, and every step of every run reads its own.
    private readonly ConcurrentDictionary<(string Workload, string Version), WorkloadPlan> _parsed = new();

    /// <summary>Makes a valid plan's text the workload's current plan. The same text again changes nothing.</summary>
    /// <param name="yaml">The text, already found valid.</param>
    /// <param name="workload">The workload it is for.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<AppliedPlan> ApplyAsync(string yaml, string workload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var pointer = await FindPointerAsync(workload, cancellationToken);
            if (pointer is { }
                && (await FindAsync(workload, pointer.Value.Version, cancellationToken))?.Yaml == yaml)
            {
                return new AppliedPlan(pointer.Value.Version, IsNew: false);
            }

            var version = await CreateVersionAsync(yaml, workload, pointer?.Value.Version, cancellationToken);
            if (await documents.TryWriteAsync(CurrentKey(workload), new PlanPointer(1, version), pointer, cancellationToken))
            {
                return new AppliedPlan(version, IsNew: true);
            }
        }

        throw new RecoveryException(
            "PlanContended", $"The plan of '{workload}' changed {Attempts} times while it was being applied.", isTransient: true, "Apply it again.");
    }

    /// <summary>The current plan as it was applied; null when the workload has none.</summary>
    public async Task<StoredPlan?> FindCurrentTextAsync(string workload, CancellationToken cancellationToken) =>
        WorkloadName.IsValid(workload)
        && await FindPointerAsync(workload, cancellationToken) is { } pointer
            ? await FindAsync(workload, pointer.Value.Version, cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task<(WorkloadPlan Plan, string Version)?> FindCurrentAsync(string workload, CancellationToken cancellationToken) =>
        WorkloadName.IsValid(workload)
        && await FindPointerAsync(workload, cancellationToken) is { Value.Version: var version }
            ? (await ReadAsync(workload, version, cancellationToken), version)
            : null;

    /// <inheritdoc/>
    public async Task<WorkloadPlan> ReadAsync(string workload, string version, CancellationToken cancellationToken)
    {
        if (_parsed.TryGetValue((workload, version), out var known))
        {
            return known;
        }

        var stored = await FindAsync(workload, version, cancellationToken) ?? throw NotFound(workload, version);
        var plan = Parse(stored);
        if (_parsed.Count >= Kept)
        {
            _parsed.Clear();
        }

        return _parsed.GetOrAdd((workload, version), plan);
    }

    /// <inheritdoc/>
    public async Task<WorkloadPlan> ReadChangedAsync(
        string workload, string version, string runbook, string step, IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(workload, version, cancellationToken) ?? throw NotFound(workload, version);
        var result = PlanReader.ReadChanged(stored.Yaml, runbook, step, fields);
        return result.Plan ?? throw new RecoveryException(
            "StepFieldsInvalid",
            string.Join(" ", result.Mistakes.Select(mistake => $"{mistake.Path}: {mistake.Message}")),
            isTransient: false,
            "Correct the step's parameters.");
    }

    /// <summary>The pointer to a workload's current plan; null when it has none.</summary>
    internal Task<Stored<PlanPointer>?> FindPointerAsync(string workload, CancellationToken cancellationToken) =>
        documents.ReadAsync<PlanPointer>(CurrentKey(workload), cancellationToken);

    /// <summary>Whose pointer a key is; null when it is another document's.</summary>
    internal static string? WorkloadOf(string key) => key.Split('/') is [_, var workload, "current"] ? workload : null;

    private static RecoveryException NotFound(string workload, string version) => new(
        "PlanNotFound", $"'{workload}' has no plan version '{version}'.", isTransient: false, "Apply the plan with 'dr plan apply'.");

    private static WorkloadPlan Parse(StoredPlan stored)
    {
        var result = PlanReader.ReadApplied(stored.Yaml);
        return result.Plan ?? throw new RecoveryException(
            "PlanUnreadable",
            $"Plan {stored.Version} of '{stored.Workload}' was valid when it was applied and is not for this version of the app: {result.Mistakes[0]}",
            isTransient: false,
            "Apply a corrected plan.");
    }

    private async Task<string> CreateVersionAsync(string yaml, string workload, string? current, CancellationToken cancellationToken)
    {
        var number = current is null ? 0 : int.Parse(current.AsSpan(1), CultureInfo.InvariantCulture);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            number++;
            var version = string.Create(CultureInfo.InvariantCulture, $"v{number:D6}");
            var plan = new StoredPlan(1, workload, version, time.GetUtcNow(), yaml);
            if (await documents.TryCreateAsync(VersionKey(workload, version), plan, cancellationToken))
            {
                return version;
            }

            // A version that an apply left behind when it died before it moved the pointer.
            if ((await FindAsync(workload, version, cancellationToken))?.Yaml == yaml)
            {
                return version;
            }
        }

        throw new RecoveryException(
            "PlanContended", $"No free version was found for the plan of '{workload}' after {current ?? "none"}.", isTransient: true, "Apply it again.");
    }

    private async Task<StoredPlan?> FindAsync(string workload, string version, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<StoredPlan>(VersionKey(workload, version), cancellationToken))?.Value;

    private static string CurrentKey(string workload) => $"{Prefix}{workload}/current";

    private static string VersionKey(string workload, string version) => $"{Prefix}{workload}/versions/{version}";

    /// <summary>Which version is current, as it is kept.</summary>
    internal sealed record PlanPointer(int Schema, string Version);
}

/// <summary>A plan as it is kept.</summary>
/// <param name="Schema">1.</param>
/// <param name="Workload">The workload.</param>
/// <param name="Version">Its version.</param>
/// <param name="AppliedAt">When it was applied.</param>
/// <param name="Yaml">Its text.</param>
public sealed record StoredPlan(int Schema, string Workload, string Version, DateTimeOffset AppliedAt, string Yaml);

/// <summary>What applying came to.</summary>
/// <param name="Version">The current version.</param>
/// <param name="IsNew">False when the text was current already.</param>
public sealed record AppliedPlan(string Version, bool IsNew);
