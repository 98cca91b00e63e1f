using System.Security.Cryptography;
using System.Text.RegularExpressions;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Keys;

/// <summary>
/// Changes what opens a repository, without touching its data. Slots are created and removed, never replaced: a change is the new slot, proof that it opens, and the removal of the old
/// one. Killed at any point, the repository opens with the old or the new secret, and running it again ends it. Several may work at once. A copy has slots of its own, and its own ring.
/// </summary>
/// <param name="objects">The repository.</param>
/// <param name="secrets">What opens it now, in the order in which it is tried.</param>
/// <param name="time">The clock.</param>
/// <remarks>
/// A removal is announced, <c>removals/{repository}/{slot}/{attempt}</c>, before the slots are counted, and an announced slot counts as gone. So of two that remove the last but one and the last but two at
/// once, at least one sees the other and stands back. Each attempt takes back its own announcement only, since nobody can tell one that was killed from one that sleeps: what was killed leaves a slot that counts
/// as gone until it is removed, and a name that is not used again.
/// </remarks>
public sealed partial class KeyRing(IRepository objects, IReadOnlyList<IKeyWrapper> secrets, TimeProvider time)
{
    private const string Removals = "removals/";
    private const int AttemptLength = 8;

    /// <summary>The slots. Nothing is opened: what they say of themselves is what somebody wrote there.</summary>
    /// <exception cref="BackupException">There is no repository, or the storage's.</exception>
    public async Task<IReadOnlyList<KeySlotInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var (config, _) = await OpenedRepository.ReadConfigAsync(objects, cancellationToken);
        var announced = await AnnouncedAsync(config.Id, cancellationToken);
        return [.. (await SlotsOf(config.Id).ListAsync(cancellationToken))
            .Select(slot => new KeySlotInfo(slot.Slot.Id, slot.Kind, slot.CreatedAt, slot.Parameters, announced.Contains(slot.Slot.Id)))];
    }

    /// <summary>Adds a slot and makes sure that it opens.</summary>
    /// <param name="name">The slot's name: 1 to 63 of a-z, 0-9 and '-'.</param>
    /// <param name="secret">What is to open it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.KeySlotRefused"/>: the name is taken or none; or nothing given opens the repository; or the vault's or the storage's.</exception>
    public async Task AddAsync(string name, IKeyWrapper secret, CancellationToken cancellationToken)
    {
        RequireName(name);
        var (slots, id, master) = await UnlockAsync(cancellationToken);
        using (master)
        {
            if ((await AnnouncedAsync(id, cancellationToken)).Contains(name) || !await TryAddAsync(slots, master, name, secret, cancellationToken))
            {
                throw Refused($"There is a key slot '{name}' in {objects.Description} already, or its removal was not ended.", "Choose another name, or rotate that slot.");
            }
        }
    }

    /// <summary>Removes a slot.</summary>
    /// <param name="name">Which.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.KeySlotRefused"/>: there is none of that name, or fewer than two would be left; or the storage's.</exception>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        RequireName(name);
        var (slots, id, master) = await UnlockAsync(cancellationToken);
        master.Dispose(); // Who cannot open the repository removes nothing from it.
        if (!await RemoveAsync(slots, id, name, cancellationToken))
        {
            throw Refused($"There is no key slot '{name}' in {objects.Description}.", "List the slots for their names.");
        }
    }

    /// <summary>
    /// Changes what opens a slot: another passphrase, or the newest version of a vault's key. The new slot's name is the old one's with the next free number, <c>NAME-2</c>; all other slots of the name and
    /// its numbers go, also what an attempt that was killed left.
    /// </summary>
    /// <param name="name">The slot, with or without a number.</param>
    /// <param name="secret">What is to open it from now on.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The new slot's name.</returns>
    /// <exception cref="BackupException"><see cref="BackupErrors.KeySlotRefused"/>: there is none of that name; or nothing given opens the repository; or the vault's or the storage's.</exception>
    public async Task<string> RotateAsync(string name, IKeyWrapper secret, CancellationToken cancellationToken)
    {
        RequireName(name);
        var (slots, id, master) = await UnlockAsync(cancellationToken);
        using (master)
        {
            var family = FamilyOf(name);
            var old = (await slots.ListAsync(cancellationToken)).Select(slot => slot.Slot.Id).Where(each => FamilyOf(each) == family).ToList();
            if (old.Count == 0)
            {
                throw Refused($"There is no key slot '{name}' in {objects.Description}.", "List the slots for their names.");
            }

            var added = await AddNextAsync(slots, id, master, family, old, secret, cancellationToken);
            foreach (var each in old)
            {
                await RemoveAsync(slots, id, each, cancellationToken);
            }

            return added;
        }
    }

    private async Task<string> AddNextAsync(
        KeySlots slots, RepositoryId id, MasterKey master, string family, List<string> old, IKeyWrapper secret, CancellationToken cancellationToken)
    {
        var announced = await AnnouncedAsync(id, cancellationToken);
        for (var number = 2; number <= KeySlots.Most * KeySlots.Most; number++)
        {
            var name = $"{family}-{number}";
            if (!old.Contains(name) && !announced.Contains(name) && await TryAddAsync(slots, master, name, secret, cancellationToken))
            {
                return name;
            }
        }

        throw Refused($"All numbers of the key slot '{family}' in {objects.Description} are taken.", "Remove some of them.");
    }

    /// <returns>False: the name is taken.</returns>
    private async Task<bool> TryAddAsync(KeySlots slots, MasterKey master, string name, IKeyWrapper secret, CancellationToken cancellationToken)
    {
        var slot = await slots.WrapAsync(master, name, secret, time.GetUtcNow(), cancellationToken);
        if (!await objects.TryCreateAsync(slots.KeyOf(name), slot.Write(), cancellationToken))
        {
            return false;
        }

        var stored = (await slots.ListAsync(cancellationToken)).FirstOrDefault(each => each.Slot.Id == name);
        using var unwrapped = stored is null ? null : await slots.TryUnwrapAsync(stored, secret, cancellationToken);
        return unwrapped is not null && CryptographicOperations.FixedTimeEquals(unwrapped.Value, master.Value)
            ? true
            : throw Refused(
                $"The new key slot '{name}' in {objects.Description} does not open with {secret.Description}; no other slot was changed.",
                "Check what wraps the key, and that there are no more than 64 slots; then remove the new slot and try again.");
    }

    /// <returns>False: there is no such slot.</returns>
    private async Task<bool> RemoveAsync(KeySlots slots, RepositoryId id, string name, CancellationToken cancellationToken)
    {
        var announcement = $"{AnnouncementsOf(id)}{name}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(AttemptLength))}";
        await objects.TryCreateAsync(announcement, "{}\n"u8.ToArray(), cancellationToken);
        var announced = await AnnouncedAsync(id, cancellationToken);
        var all = (await slots.ListAsync(cancellationToken)).Select(slot => slot.Slot.Id).ToList();
        var there = all.Contains(name);
        if (there && all.Count(each => !announced.Contains(each)) < KeySlots.Least)
        {
            await objects.DeleteAsync(announcement, cancellationToken);
            throw Refused(
                $"Without the key slot '{name}', {objects.Description} would have fewer than {KeySlots.Least}: {string.Join(", ", all)} are there, and {string.Join(", ", announced)} to be removed.",
                "Add another slot first: the loss of one must not be the loss of all. A removal that was cut short is ended by removing that slot again.");
        }

        await objects.DeleteAsync(slots.KeyOf(name), cancellationToken);
        await objects.DeleteAsync(announcement, cancellationToken);
        return there;
    }

    private async Task<HashSet<string>> AnnouncedAsync(RepositoryId id, CancellationToken cancellationToken)
    {
        var prefix = AnnouncementsOf(id);
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in objects.ListAsync(prefix, cancellationToken))
        {
            names.Add(item.Key[prefix.Length..].Split('/')[0]);
        }

        return names;
    }

    private async Task<(KeySlots Slots, RepositoryId Id, MasterKey Master)> UnlockAsync(CancellationToken cancellationToken)
    {
        var (config, content) = await OpenedRepository.ReadConfigAsync(objects, cancellationToken);
        var slots = SlotsOf(config.Id);
        var (master, _) = await slots.UnlockAsync(await slots.ListAsync(cancellationToken), secrets, OpenedRepository.SealsOf(config, content), cancellationToken);
        return (slots, config.Id, master);
    }

    private KeySlots SlotsOf(RepositoryId id) => new(objects, id, time);

    private static string AnnouncementsOf(RepositoryId id) => $"{Removals}{id}/";

    private static string FamilyOf(string name) => Number().Replace(name, "");

    private static void RequireName(string name)
    {
        if (!Name().IsMatch(name))
        {
            throw Refused($"'{name}' is no name of a key slot: 1 to 63 of a-z, 0-9 and '-'.", "Choose another name.");
        }
    }

    private static BackupException Refused(string message, string hint) => new(BackupErrors.KeySlotRefused, message, isTransient: false, hint);

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex Name();

    [GeneratedRegex("-[0-9]+$")]
    private static partial Regex Number();
}

/// <summary>A key slot, as it describes itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What opens it: <c>passphrase</c>, <c>recoveryKey</c>, <c>keyVault</c>.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="Parameters">How its wrapping key is had; of a vault's, <c>key</c> is the key's identifier with its version. None of it is secret.</param>
/// <param name="IsBeingRemoved">Whether somebody began to remove it, and goes on or was killed.</param>
public sealed record KeySlotInfo(string Name, string Kind, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, string> Parameters, bool IsBeingRemoved);
