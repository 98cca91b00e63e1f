using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Repairs;

/// <summary>
/// Heals a repository: whole objects out of the other region's copy, found right by their names and tags; what the copy does not have chunk by chunk, from where it is still; and names the files that
/// nothing can save. May be killed and run again at any time, beside readers, writers and prunes: at no point can less be restored than before.
/// </summary>
/// <param name="objects">The repository.</param>
/// <param name="secrets">What opens it and the copy, in the order in which it is tried.</param>
/// <param name="options">What may be used.</param>
/// <param name="time">The clock.</param>
public sealed class RepositoryRepair(IRepository objects, IReadOnlyList<IKeyWrapper> secrets, RepairOptions options, TimeProvider time)
{
    private const int LongestDocument = 64 * 1024;

    private readonly RepairLog log = new();

    /// <summary>Repairs. What could not be saved is in the result.</summary>
    /// <exception cref="BackupException">
    /// The repository does not open and the copy could not help; <see cref="BackupErrors.RepositoryExists"/>: what was given as the copy is another repository; or the storage's.
    /// </exception>
    public async Task<RepairResult> RunAsync(IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        using var copy = options.Copy is null ? null : await OpenedRepository.OpenAsync(options.Copy, secrets, cancellationToken, time);
        if (copy is not null)
        {
            await HealConfigAsync(copy, cancellationToken);
            await HealSlotsAsync(copy, cancellationToken);
        }

        // Two places of one repository have one key: what opened the copy reads this one, whatever became of its slots.
        using var own = copy is null ? await OpenedRepository.OpenAsync(objects, secrets, cancellationToken, time) : null;
        var repository = own ?? copy!.At(objects); // One of the two is there.
        var meter = new ProgressMeter(progress, time);
        var mark = options.DryRun ? null : await RepairMark.BeginAsync(objects, cancellationToken);
        try
        {
            var whole = new ObjectRepair(repository, copy, options.DryRun, log, meter);
            await whole.RunAsync(cancellationToken);
            await new ChunkRepair(repository, copy, options, log, whole.Lost, mark).RunAsync(cancellationToken);
        }
        finally
        {
            await (mark?.EndAsync() ?? Task.CompletedTask);
        }

        meter.End();
        return log.Result();
    }

    private async Task HealConfigAsync(OpenedRepository copy, CancellationToken cancellationToken)
    {
        var (_, right) = await OpenedRepository.ReadConfigAsync(copy.Objects, cancellationToken);
        var here = await RepositoryContent.ReadWholeAsync(objects, RepositoryConfig.Key, RepositoryKey.MaximumObjectLength, cancellationToken);
        if (here is not null && here.AsSpan().SequenceEqual(right))
        {
            return;
        }

        // A bit of the config's own id may have flipped: its slots say whose it was.
        var isSame = await objects.ListAsync(new KeySlots(objects, copy.Config.Id, time).KeyOf(""), cancellationToken).AnyAsync(cancellationToken);
        if (here is not null && !isSame)
        {
            throw new BackupException(
                BackupErrors.RepositoryExists,
                $"{objects.Description} holds another repository than {copy.Objects.Description}; nothing in it was changed.",
                isTransient: false,
                "Name the copy of this repository, or repair it without one.");
        }

        if (!options.DryRun)
        {
            await objects.ReplaceAsync(RepositoryConfig.Key, right, cancellationToken);
        }

        log.Add(RepositoryConfig.Key, here is null ? "it is missing" : "it is not the copy's", options.DryRun ? RepairOutcome.CanBeHealed : RepairOutcome.Healed);
    }

    // A slot is healed where it is no slot at all, or where a given secret opens the copy's and not this one. A missing one may have been removed on purpose: it comes back only where fewer than two are left.
    private async Task HealSlotsAsync(OpenedRepository copy, CancellationToken cancellationToken)
    {
        var (here, there) = (new KeySlots(objects, copy.Config.Id, time), new KeySlots(copy.Objects, copy.Config.Id, time));
        var sound = (await here.ListAsync(cancellationToken)).ToDictionary(slot => slot.Slot.Id);
        foreach (var right in await there.ListAsync(cancellationToken))
        {
            var key = here.KeyOf(right.Slot.Id);
            var content = await RepositoryContent.ReadWholeAsync(copy.Objects, key, LongestDocument, cancellationToken) ?? throw RepositoryContent.Missing(copy.Objects, key);
            var own = await RepositoryContent.ReadWholeAsync(objects, key, RepositoryKey.MaximumObjectLength, cancellationToken);
            var isMissed = own is null && sound.Count < KeySlots.Least;
            if (own is null ? !isMissed : own.AsSpan().SequenceEqual(content) || !await IsDamagedAsync(here, sound.GetValueOrDefault(right.Slot.Id), right, cancellationToken))
            {
                continue;
            }

            if (!options.DryRun)
            {
                await objects.ReplaceAsync(key, content, cancellationToken);
            }

            sound[right.Slot.Id] = right;
            log.Add(key, own is null ? "it is missing" : "it does not open", options.DryRun ? RepairOutcome.CanBeHealed : RepairOutcome.Healed);
        }
    }

    private async Task<bool> IsDamagedAsync(KeySlots slots, KeySlotDocument? own, KeySlotDocument right, CancellationToken cancellationToken)
    {
        if (own is null)
        {
            return true;
        }

        foreach (var secret in secrets)
        {
            if (await OpensAsync(slots, right, secret, cancellationToken) && !await OpensAsync(slots, own, secret, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<bool> OpensAsync(KeySlots slots, KeySlotDocument slot, IKeyWrapper secret, CancellationToken cancellationToken)
    {
        if (slot.Kind != secret.Kind)
        {
            return false;
        }

        try
        {
            using var master = await slots.TryUnwrapAsync(slot, secret, cancellationToken);
            return master is not null;
        }
        catch (BackupException error) when (error.Code is BackupErrors.KeyUnavailable or BackupErrors.KeyRefused)
        {
            return false; // Nothing is known; what is not known to be damaged stays.
        }
    }
}
