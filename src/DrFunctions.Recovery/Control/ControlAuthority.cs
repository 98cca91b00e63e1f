using System.Security.Cryptography;
using System.Text;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Control;

/// <summary>
/// Says which of two apps acts, when a second one stands by: one whose control account is this one's mirror, and whose mirror is this
/// one's control account. An app alone is always in control, and nothing is read for it. Thread-safe.
/// </summary>
/// <remarks>
/// Terms and signs of life are written into both accounts by hand, not by way of the mirror: each account has two owners here. An app
/// that cannot read the other account goes by its own. That is safe because a term begins only when it stands in the other app's own
/// account, or that app is stopped, or a person answers for it. The app that does not stand by begins the first term, so that of two that
/// were both told to act, one does.
/// </remarks>
public sealed class ControlAuthority
{
    // An app that was told stands aside within this time, and what it had under way then ends while the new term settles.
    private static readonly TimeSpan s_freshness = TimeSpan.FromSeconds(10);

    // The other account may be in a lost region: its time limit is not paid again and again.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly ControlIdentity _me;
    private readonly IDocumentStore _own;
    private readonly IDocumentStore? _other;
    private readonly TimeProvider _time;
    private readonly SharedLook<ControlTerm?> _look;
    private readonly Lock _gate = new();
    private ControlTerm? _term;
    private long _readAt;
    private long _otherFailedAt;

    /// <param name="me">Which app this is.</param>
    /// <param name="replicas">This app's control account, and its mirror where it has one.</param>
    /// <param name="time">The clock.</param>
    public ControlAuthority(ControlIdentity me, DocumentReplicas replicas, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(replicas);
        (_me, _time) = (me, time);
        _own = replicas.All[0].Store;
        _other = replicas.All is [_, var other, ..] ? other.Store : null;
        _look = new SharedLook<ControlTerm?>(ReadTermAsync);
    }

    /// <summary>Which app this is.</summary>
    public ControlIdentity Me => _me;

    /// <summary>Whether there is an account for a second app.</summary>
    public bool HasPeer => _other is not null;

    /// <summary>The newest term as it was last read; null when there is none, or nothing was read yet.</summary>
    public ControlTerm? LastTerm => Volatile.Read(ref _term);

    /// <summary>The document of an app's signs of life.</summary>
    public static string BeatKey(string account) =>
        ControlBeat.Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account)).AsSpan(0, 8));

    /// <summary>Whether this app acts, at most ten seconds ago.</summary>
    /// <exception cref="DocumentStoreException">This app's own control account does not answer.</exception>
    public async Task<ControlRole> ReadRoleAsync(CancellationToken cancellationToken) =>
        HasPeer ? RoleBy(await RecallAsync(cancellationToken)) : ControlRole.InControl;

    /// <summary>What a term makes of this app now.</summary>
    /// <param name="term">The newest; null while the app that does not stand by has never run.</param>
    public ControlRole RoleBy(ControlTerm? term) =>
        term?.Account != _me.Account ? ControlRole.StandingBy
        : term.Fence != ControlFence.First && _time.GetUtcNow() < term.ActsFrom ? ControlRole.Settling
        : ControlRole.InControl;

    /// <summary>Checks, before an effect, that this app acts: at most ten seconds ago.</summary>
    /// <exception cref="RecoveryException">The other one does (<c>ControlElsewhere</c>), or this one's term begins soon (<c>ControlSettling</c>).</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (HasPeer)
        {
            Require(await RecallAsync(cancellationToken));
        }
    }

    /// <summary>The same, by what the other account holds now.</summary>
    /// <exception cref="RecoveryException">
    /// The other one acts (<c>ControlElsewhere</c>), this one's term begins soon (<c>ControlSettling</c>), or an account does not answer.
    /// </exception>
    public async Task RequireNowAsync(CancellationToken cancellationToken)
    {
        if (_other is not null)
        {
            var there = await _other.ReadAsync<ControlTerm>(ControlTerm.Key, cancellationToken);
            Require(Remember(ControlTerm.Newest([there?.Value, await RecallAsync(cancellationToken)])));
        }
    }

    /// <summary>Gives a sign of life into both accounts.</summary>
    /// <returns>Whether the other account has it, too.</returns>
    /// <exception cref="DocumentStoreException">This app's own control account does not answer.</exception>
    public async Task<bool> BeatAsync(CancellationToken cancellationToken)
    {
        var beat = new ControlBeat(1, _me.Account, _me.Region, _time.GetUtcNow());
        await OverwriteAsync(_own, beat, cancellationToken);
        try
        {
            await OverwriteAsync(_other!, beat, cancellationToken);
            return true;
        }
        catch (DocumentStoreException)
        {
            return false;
        }
    }

    /// <summary>What both accounts say of both apps.</summary>
    /// <exception cref="DocumentStoreException">This app's own control account does not answer.</exception>
    public async Task<ControlSight> SeeAsync(CancellationToken cancellationToken)
    {
        var (beats, otherAnswers) = (await BeatsAsync(_own, cancellationToken), true);
        try
        {
            beats.AddRange(_other is null ? [] : await BeatsAsync(_other, cancellationToken));
        }
        catch (DocumentStoreException)
        {
            otherAnswers = false;
        }

        return new ControlSight(
            await _look.TakeAsync(cancellationToken),
            [.. beats.GroupBy(beat => beat.Account).Select(each => each.MaxBy(beat => beat.At)!).OrderBy(beat => beat.Account, StringComparer.Ordinal)],
            otherAnswers);
    }

    /// <summary>Writes the next term, this app's, into the other app's own account: from then on that app stands aside.</summary>
    /// <returns>The term; null when the other account does not answer.</returns>
    /// <exception cref="RecoveryException">
    /// The other app took over at this moment (<c>ControlContended</c>), or this app's own account does not answer.
    /// </exception>
    public async Task<ControlTerm?> TellAsync(string by, string reason, CancellationToken cancellationToken)
    {
        // Outside: that this app's own account does not answer says nothing of the other app.
        var here = (await _own.ReadAsync<ControlTerm>(ControlTerm.Key, cancellationToken))?.Value;
        try
        {
            var there = await _other!.ReadAsync<ControlTerm>(ControlTerm.Key, cancellationToken);
            var next = Next([here, there?.Value, LastTerm], by, reason, ControlFence.Told);
            return await _other!.TryWriteAsync(ControlTerm.Key, next, there, cancellationToken) ? next : throw Contended();
        }
        catch (DocumentStoreException)
        {
            return null;
        }
    }

    /// <summary>Begins a term of this app in its own account.</summary>
    /// <param name="told">What the other account holds already; null when it does not answer.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="fence">Why the other app does not act any more, when it was not told.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="RecoveryException">The other app took over at this moment (<c>ControlContended</c>).</exception>
    public async Task<ControlTerm> BeginAsync(
        ControlTerm? told, string by, string reason, ControlFence fence, CancellationToken cancellationToken)
    {
        var here = await _own.ReadAsync<ControlTerm>(ControlTerm.Key, cancellationToken);
        var next = told ?? Next([here?.Value, LastTerm], by, reason, fence);
        if (here is not null && ControlTerm.Newest([here.Value, next]) != next)
        {
            throw Contended();
        }

        if (!await _own.TryWriteAsync(ControlTerm.Key, next, here, cancellationToken))
        {
            throw Contended();
        }

        Remember(next);
        return next;
    }

    /// <summary>Brings the term that this app acts by into the other account, which did not answer when it began. Idempotent.</summary>
    public async Task SpreadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (LastTerm is { } term && term.Account == _me.Account
                && await _other!.ReadAsync<ControlTerm>(ControlTerm.Key, cancellationToken) is var there
                && there?.Value != term
                && ControlTerm.Newest([there?.Value, term]) == term)
            {
                await _other!.TryWriteAsync(ControlTerm.Key, term, there, cancellationToken);
            }
        }
        catch (DocumentStoreException)
        {
            // The next watch tries again.
        }
    }

    private static async Task OverwriteAsync(IDocumentStore place, ControlBeat beat, CancellationToken cancellationToken)
    {
        // Another process of this very app that writes at the same moment says the same.
        var key = BeatKey(beat.Account);
        await place.TryWriteAsync(key, beat, await place.ReadAsync<ControlBeat>(key, cancellationToken), cancellationToken);
    }

    private static async Task<List<ControlBeat>> BeatsAsync(IDocumentStore place, CancellationToken cancellationToken)
    {
        var beats = new List<ControlBeat>();
        await foreach (var key in place.ListAsync(ControlBeat.Prefix, cancellationToken))
        {
            if (await place.ReadAsync<ControlBeat>(key, cancellationToken) is { } beat)
            {
                beats.Add(beat.Value);
            }
        }

        return beats;
    }

    private static RecoveryException Contended() => new(
        "ControlContended",
        "The other app took over, or took back, at this moment.",
        isTransient: true,
        "Look who is in control now, with 'dr control show'.");

    private ControlTerm Next(IEnumerable<ControlTerm?> known, string by, string reason, ControlFence fence) => new(
        1, (ControlTerm.Newest(known)?.Term ?? 0) + 1, _me.Account, _me.Region, _time.GetUtcNow(), by, reason, fence);

    private void Require(ControlTerm? term)
    {
        switch (RoleBy(term))
        {
            case ControlRole.Settling:
                throw new RecoveryException(
                    "ControlSettling",
                    $"This app took over control at {term!.Since:u} and acts from {term.ActsFrom:u} on.", // settling is of a term
                    isTransient: true,
                    "Try again then.");
            case ControlRole.StandingBy:
                throw new RecoveryException(
                    "ControlElsewhere",
                    term is null
                        ? "This app stands by, and the one that does not has never run."
                        : $"The app in {term.Region} is in control since {term.Since:u}, by {term.By}: {term.Reason.TrimEnd('.')}.",
                    isTransient: true,
                    "Ask that app. If it is lost, take over: dr control take.");
        }
    }

    private async Task<ControlTerm?> RecallAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _readAt) is not 0 and var at && _time.GetElapsedTime(at) < s_freshness
            ? LastTerm
            : await _look.TakeAsync(cancellationToken);

    // Of the other account only more can become known: a term that was read there counts also while it does not answer.
    private async Task<ControlTerm?> ReadTermAsync()
    {
        var here = (await _own.ReadAsync<ControlTerm>(ControlTerm.Key, CancellationToken.None))?.Value;
        ControlTerm? there = null;
        var failedAt = Volatile.Read(ref _otherFailedAt);
        if (failedAt == 0 || _time.GetElapsedTime(failedAt) >= s_pause)
        {
            try
            {
                there = (await _other!.ReadAsync<ControlTerm>(ControlTerm.Key, CancellationToken.None))?.Value;
                Volatile.Write(ref _otherFailedAt, 0);
            }
            catch (DocumentStoreException)
            {
                Volatile.Write(ref _otherFailedAt, Math.Max(1, _time.GetTimestamp()));
            }
        }

        var newest = ControlTerm.Newest([here, there, LastTerm]);
        return Remember(newest ?? (_me.StandsBy ? null : await BeginFirstAsync()));
    }

    // In the other account first, where an app that was told to act as well finds it. One that does not answer keeps nobody from acting.
    private async Task<ControlTerm?> BeginFirstAsync()
    {
        var first = Next([], "its settings", "no app was in control before", ControlFence.First);
        ControlTerm? there = null;
        try
        {
            _ = await _other!.TryCreateAsync(ControlTerm.Key, first, CancellationToken.None);
            there = (await _other!.ReadAsync<ControlTerm>(ControlTerm.Key, CancellationToken.None))?.Value;
        }
        catch (DocumentStoreException)
        {
            // It is told when it answers: see SpreadAsync.
        }

        _ = await _own.TryCreateAsync(ControlTerm.Key, first, CancellationToken.None);
        var here = (await _own.ReadAsync<ControlTerm>(ControlTerm.Key, CancellationToken.None))?.Value;
        return ControlTerm.Newest([here, there]);
    }

    // Looks may end in another order than they began in.
    private ControlTerm? Remember(ControlTerm? term)
    {
        lock (_gate)
        {
            _term = ControlTerm.Newest([_term, term]);
            Volatile.Write(ref _readAt, Math.Max(1, _time.GetTimestamp()));
            return _term;
        }
    }
}

/// <summary>What an app is to do.</summary>
public enum ControlRole
{
    /// <summary>It acts.</summary>
    InControl,

    /// <summary>Its term has begun, and it waits a minute before it acts.</summary>
    Settling,

    /// <summary>It answers questions and keeps alerts; the other one acts.</summary>
    StandingBy,
}

/// <summary>What both accounts say of both apps.</summary>
/// <param name="Term">The newest term; null while the app that does not stand by has never run.</param>
/// <param name="Beats">The newest sign of life of each app.</param>
/// <param name="OtherAnswers">Whether the other app's account answers.</param>
public sealed record ControlSight(ControlTerm? Term, IReadOnlyList<ControlBeat> Beats, bool OtherAnswers);
