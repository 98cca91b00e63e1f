using System.Security.Cryptography;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Keys;

/// <summary>The key slots of one repository, <c>keys/{repository}/{slot}</c>: under its id, so that what an overtaken attempt to make one left is never tried.</summary>
/// <param name="objects">Where they lie.</param>
/// <param name="repository">Whose they are.</param>
/// <param name="time">The clock of <see cref="AnswerLimit"/>.</param>
internal sealed class KeySlots(IRepository objects, RepositoryId repository, TimeProvider time)
{
    /// <summary>What the keys of slots begin with.</summary>
    public const string Prefix = "keys/";

    /// <summary>Fewest slots: the loss of one must not be the loss of all.</summary>
    public const int Least = 2;

    /// <summary>Most slots that are looked at.</summary>
    public const int Most = 64;

    /// <summary>How long one secret may take to open a slot before the next one is tried.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    // A slot is some hundred bytes; more is somebody else's object.
    private const int LongestSlot = 64 * 1024;

    /// <summary>The object of a slot.</summary>
    public string KeyOf(string slot) => $"{Prefix}{repository}/{slot}";

    /// <summary>A new slot, not yet written.</summary>
    /// <exception cref="BackupException">The wrapper's.</exception>
    public async Task<KeySlotDocument> WrapAsync(MasterKey master, string id, IKeyWrapper wrapper, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        var made = await wrapper.CreateAsync(repository, cancellationToken);
        try
        {
            return new KeySlotDocument(wrapper.Kind, createdAt, made.Parameters, KeySlot.Wrap(master, repository, id, made.WrappingKey, KeySlotDocument.AboutOf(wrapper.Kind, createdAt, made.Parameters)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(made.WrappingKey);
        }
    }

    /// <summary>All slots that this program understands, by id.</summary>
    public async Task<IReadOnlyList<KeySlotDocument>> ListAsync(CancellationToken cancellationToken)
    {
        var slots = new List<KeySlotDocument>();
        var prefix = KeyOf("");
        await foreach (var item in objects.ListAsync(prefix, cancellationToken))
        {
            if (slots.Count < Most
                && item.Length <= LongestSlot
                && await RepositoryContent.ReadWholeAsync(objects, item.Key, LongestSlot, cancellationToken) is { } content
                && KeySlotDocument.Read(content, item.Key[prefix.Length..]) is { } slot)
            {
                slots.Add(slot);
            }
        }

        slots.Sort((one, other) => string.CompareOrdinal(one.Slot.Id, other.Slot.Id));
        return slots;
    }

    /// <summary>Opens one of the slots with the first of several secrets that does.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="wrappers">The secrets, tried in this order, each for <see cref="AnswerLimit"/> at most.</param>
    /// <param name="fits">Whether a master key is the repository's. Who knows a vault's public key can write a slot that opens, but not to that one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The master key, which the caller wipes, and what opened it.</returns>
    /// <exception cref="BackupException">None did: <see cref="BackupErrors.DataDamaged"/> where one opened that does not fit, <see cref="BackupErrors.KeyUnavailable"/> where one of them may later, else <see cref="BackupErrors.WrongSecret"/>; each reason is named.</exception>
    public async Task<(MasterKey Master, RepositoryOpening Opening)> UnlockAsync(
        IReadOnlyList<KeySlotDocument> slots, IReadOnlyList<IKeyWrapper> wrappers, Func<MasterKey, bool> fits, CancellationToken cancellationToken)
    {
        var passedOver = new List<PassedOverSecret>();
        var misfits = 0;
        foreach (var wrapper in wrappers)
        {
            var (opened, passed) = await TryAsync(slots, wrapper, Fits, cancellationToken);
            if (opened is { } found)
            {
                return (found.Master, new RepositoryOpening(found.Slot, wrapper.Kind, wrapper.Description, passedOver));
            }

            passedOver.Add(passed);
        }

        throw misfits > 0 ? ConfigDamaged() : NoneOpened(passedOver);

        bool Fits(MasterKey master)
        {
            var right = fits(master);
            misfits += right ? 0 : 1;
            return right;
        }
    }

    /// <summary>The master key, if this secret opens this slot.</summary>
    /// <exception cref="BackupException">The wrapper's, or <see cref="BackupErrors.KeyUnavailable"/> when it does not answer in time.</exception>
    public async Task<MasterKey?> TryUnwrapAsync(KeySlotDocument slot, IKeyWrapper wrapper, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await TryUnwrapAsync(slot, wrapper, both.Token, cancellationToken);
    }

    private async Task<((MasterKey Master, string Slot)? Opened, PassedOverSecret Passed)> TryAsync(
        IReadOnlyList<KeySlotDocument> slots, IKeyWrapper wrapper, Func<MasterKey, bool> fits, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var tried = 0;
        BackupException? failure = null;
        foreach (var slot in slots.Where(slot => slot.Kind == wrapper.Kind))
        {
            tried++;
            try
            {
                if (await TryUnwrapAsync(slot, wrapper, both.Token, cancellationToken) is { } master)
                {
                    if (fits(master))
                    {
                        return ((master, slot.Slot.Id), default);
                    }

                    master.Dispose();
                }
            }
            catch (BackupException error)
            {
                failure = failure is { IsTransient: true } ? failure : error; // What may open it later is the better word.
                if (limit.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        var reason = failure?.Message ?? (tried == 0
            ? $"the repository has no key slot of the kind '{wrapper.Kind}'"
            : $"none of the {tried} key slots of the kind '{wrapper.Kind}' opens with it");
        return (null, new PassedOverSecret(wrapper.Description, reason, failure?.IsTransient ?? false));
    }

    private async Task<MasterKey?> TryUnwrapAsync(KeySlotDocument slot, IKeyWrapper wrapper, CancellationToken limited, CancellationToken cancellationToken)
    {
        byte[]? key;
        try
        {
            limited.ThrowIfCancellationRequested();

            // Left alone, not only told to stop: who keeps the key may be deaf to that as well.
            key = await wrapper.OpenAsync(repository, slot.Parameters, limited).WaitAsync(limited);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BackupException(
                BackupErrors.KeyUnavailable,
                $"{wrapper.Description} did not answer within {AnswerLimit.TotalSeconds:0} s",
                isTransient: true,
                "Open the repository with another of its secrets, or try again later.",
                error);
        }

        if (key is null)
        {
            return null;
        }

        try
        {
            return key.Length == MasterKey.Length ? slot.Slot.TryUnwrap(repository, key, slot.About) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private BackupException ConfigDamaged() => new(
        BackupErrors.DataDamaged,
        $"The config of the repository in {objects.Description} is damaged: it does not match its seal.",
        isTransient: false,
        "Copy the object 'config' from the other region's repository, if that is a copy of this one.");

    private BackupException NoneOpened(List<PassedOverSecret> passedOver)
    {
        var transient = passedOver.Any(passed => passed.IsTransient);
        return new BackupException(
            transient ? BackupErrors.KeyUnavailable : BackupErrors.WrongSecret,
            $"Nothing that was given opens the repository in {objects.Description}: {string.Join("; ", passedOver.Select(passed => $"{passed.Secret}: {passed.Reason}"))}.",
            transient,
            "Check the passphrase, recovery key or vault; any other slot of the repository opens it as well.");
    }
}
