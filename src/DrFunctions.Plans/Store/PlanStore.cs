using System.Globalization;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Store;

/// <summary>Keeps plans: every version for ever, and a pointer to the current one. Thread-safe.</summary>
public sealed class PlanStore(IDocumentStore documents, TimeProvider time) : IPlanSource
{
    private const int Attempts = 64;

    /// <summary>Makes a valid plan's text the workload's current plan. The same text again changes nothing.</summary>
    /// <param name="yaml">The text, already found valid.</param>
    /// <param name="workload">The workload it is for.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<AppliedPlan> ApplyAsync(string yaml, string workload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var pointer = await documents.ReadAsync<CurrentPlan>(CurrentKey(workload), cancellationToken);
            if (pointer is { }
                && (await FindAsync(workload, pointer.Value.Version, cancellationToken))?.Yaml == yaml)
            {
                return new AppliedPlan(pointer.Value.Version, IsNew: false);
            }

            var version = await CreateVersionAsync(yaml, workload, pointer?.Value.Version, cancellationToken);
            if (await documents.TryWriteAsync(CurrentKey(workload), new CurrentPlan(1, version), pointer, cancellationToken))
            {
                return new AppliedPlan(version, IsNew: true);
            }
        }

        throw new RecoveryException(
            "PlanContended", $"The plan of '{workload}' changed {Attempts} times while it was being applied.", isTransient: true, "Apply it again.");
    }

    /// <summary>Workloads that have a plan, with its version, in ordinal order; without those whose pointer is damaged.</summary>
    public async Task<IReadOnlyList<(string Workload, string Version)>> ListAsync(CancellationToken cancellationToken) =>
        (await ScanAsync(cancellationToken)).Plans;

    /// <summary>All workloads that have a plan. One workload's damaged pointer hides no other workload.</summary>
    public async Task<PlanScan> ScanAsync(CancellationToken cancellationToken)
    {
        var plans = new List<(string, string)>();
        var damaged = new List<DamagedPlan>();
        await foreach (var key in documents.ListAsync("plans/", cancellationToken))
        {
            if (key.Split('/') is not [_, var workload, "current"])
            {
                continue;
            }

            try
            {
                if (await documents.ReadAsync<CurrentPlan>(key, cancellationToken) is { } pointer)
                {
                    plans.Add((workload, pointer.Value.Version));
                }
            }
            catch (RecoveryException exception) when (!exception.IsTransient)
            {
                damaged.Add(new DamagedPlan(workload, exception));
            }
        }

        return new PlanScan(plans, damaged);
    }

    /// <summary>The current plan as it was applied; null when the workload has none.</summary>
    public async Task<StoredPlan?> FindCurrentTextAsync(string workload, CancellationToken cancellationToken) =>
        WorkloadName.IsValid(workload)
        && await documents.ReadAsync<CurrentPlan>(CurrentKey(workload), cancellationToken) is { } pointer
            ? await FindAsync(workload, pointer.Value.Version, cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task<(WorkloadPlan Plan, string Version)?> FindCurrentAsync(string workload, CancellationToken cancellationToken) =>
        await FindCurrentTextAsync(workload, cancellationToken) is { } stored ? (Parse(stored), stored.Version) : null;

    /// <inheritdoc/>
    public async Task<WorkloadPlan> ReadAsync(string workload, string version, CancellationToken cancellationToken) =>
        await FindAsync(workload, version, cancellationToken) is { } stored
            ? Parse(stored)
            : throw NotFound(workload, version);

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

    private static RecoveryException NotFound(string workload, string version) => new(
        "PlanNotFound", $"'{workload}' has no plan version '{version}'.", isTransient: false, "Apply the plan with 'dr plan apply'.");

    private static WorkloadPlan Parse(StoredPlan stored)
    {
        var result = PlanReader.Read(stored.Yaml);
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

    private static string CurrentKey(string workload) => $"plans/{workload}/current";

    private static string VersionKey(string workload, string version) => $"plans/{workload}/versions/{version}";

    private sealed record CurrentPlan(int Schema, string Version);
}

/// <summary>The workloads that have a plan.</summary>
/// <param name="Plans">Those whose plan's version is known, in ordinal order.</param>
/// <param name="Damaged">The others.</param>
public sealed record PlanScan(IReadOnlyList<(string Workload, string Version)> Plans, IReadOnlyList<DamagedPlan> Damaged);

/// <summary>A workload whose pointer to its current plan cannot be read.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Why">What is wrong, and what to do.</param>
public sealed record DamagedPlan(string Workload, RecoveryException Why);

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
