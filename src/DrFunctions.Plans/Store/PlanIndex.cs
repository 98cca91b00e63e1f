using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Store;

/// <summary>
/// All current plans, for whoever looks at every workload. A look is one listing: only what changed since the last look is read again,
/// and those who ask while a listing is under way share the next one. Thread-safe.
/// </summary>
/// <remarks>
/// Guaranteed: the answer holds every plan as it was at some moment after the call began, whichever process applied it, so that a plan
/// whose application was answered before is never missed. Nothing is remembered by time. What cannot be read hides no other workload,
/// and is read anew at every look until it can be.
/// </remarks>
public sealed class PlanIndex
{
    private const int ReadsAtOnce = 16;

    private readonly IDocumentStore _documents;
    private readonly PlanStore _plans;
    private readonly SharedLook<PlanSet> _look;

    // Looks never overlap, and only a look touches it.
    private Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Begins with nothing known.</summary>
    /// <param name="documents">Where the plans are.</param>
    /// <param name="plans">Reads them.</param>
    public PlanIndex(IDocumentStore documents, PlanStore plans)
    {
        (_documents, _plans) = (documents, plans);
        _look = new SharedLook<PlanSet>(LookAsync);
    }

    /// <summary>Every workload that has a plan, in ordinal order.</summary>
    /// <exception cref="RecoveryException">The store does not answer.</exception>
    public Task<PlanSet> ReadAsync(CancellationToken cancellationToken) => _look.TakeAsync(cancellationToken);

    private async Task<PlanSet> LookAsync()
    {
        var kept = new Dictionary<string, Known>(StringComparer.Ordinal);
        var changed = new List<string>();
        await foreach (var (key, etag) in _documents.ListVersionsAsync(PlanStore.Prefix, CancellationToken.None))
        {
            if (PlanStore.WorkloadOf(key) is not { } workload)
            {
                continue;
            }

            if (_known.TryGetValue(workload, out var known) && known.ETag == etag)
            {
                kept[workload] = known;
            }
            else
            {
                changed.Add(workload);
            }
        }

        // What was read stays known when something else cannot be read: the next look then has less to do.
        _known = kept;
        var damaged = new List<DamagedPlan>();
        var read = new Lock();
        await Parallel.ForEachAsync(
            changed,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce },
            async (workload, token) =>
            {
                var (found, why) = await FindAsync(workload, token);
                lock (read)
                {
                    if (found is not null)
                    {
                        kept[workload] = found;
                    }
                    else if (why is not null)
                    {
                        damaged.Add(why);
                    }
                }
            });
        return new PlanSet(
            [.. kept.Values.Select(one => one.Plan).OrderBy(plan => plan.Workload, StringComparer.Ordinal)],
            [.. damaged.OrderBy(plan => plan.Workload, StringComparer.Ordinal)]);
    }

    private async Task<(Known? Found, DamagedPlan? Why)> FindAsync(string workload, CancellationToken cancellationToken)
    {
        string? version = null;
        try
        {
            if (await _plans.FindPointerAsync(workload, cancellationToken) is not { } pointer)
            {
                return (null, null);
            }

            version = pointer.Value.Version;
            var plan = await _plans.ReadAsync(workload, version, cancellationToken);
            return (new Known(pointer.ETag, new CurrentPlan(workload, version, plan)), null);
        }
        catch (RecoveryException exception) when (!exception.IsTransient)
        {
            return (null, new DamagedPlan(workload, version, exception));
        }
    }

    private sealed record Known(string ETag, CurrentPlan Plan);
}

/// <summary>The workloads that have a plan.</summary>
/// <param name="Plans">Those whose plan can be read, in ordinal order.</param>
/// <param name="Damaged">The others, likewise.</param>
public sealed record PlanSet(IReadOnlyList<CurrentPlan> Plans, IReadOnlyList<DamagedPlan> Damaged);

/// <summary>A workload's current plan.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Version">The plan's version.</param>
/// <param name="Plan">The plan.</param>
public sealed record CurrentPlan(string Workload, string Version, WorkloadPlan Plan);

/// <summary>A workload whose current plan cannot be read.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Version">The version; null when not even the pointer to it can be read.</param>
/// <param name="Why">What is wrong, and what to do.</param>
public sealed record DamagedPlan(string Workload, string? Version, RecoveryException Why);
