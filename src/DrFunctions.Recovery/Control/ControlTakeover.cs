using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.WebApps;

namespace DrFunctions.Recovery.Control;

/// <summary>
/// Takes control over from the other app, but never without knowing that it does not act any more: it was told in its own account, or
/// Resource Manager confirms that it is stopped, or a named person answers for it.
/// </summary>
public sealed class ControlTakeover(ControlAuthority authority, IWebApps webApps, TimeProvider time)
{
    private const string Stopped = "Stopped";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a stop of the other app is waited for. The next attempt goes on where this one left.</summary>
    public static TimeSpan LongestStop { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Takes over. Idempotent for the app that is in control already.</summary>
    /// <param name="by">Who has it do so.</param>
    /// <param name="reason">Why.</param>
    /// <param name="overridesFence">Whether a named person answers for the other app when nothing else does.</param>
    /// <param name="cancellationToken">Stops the call; nothing is half done, and the next call goes on.</param>
    /// <returns>The term, which acts a minute after it began.</returns>
    /// <exception cref="RecoveryException">
    /// There is no mirror (<c>ControlAlone</c>), it is not known that the other app does not act (<c>ControlNotFenced</c>), or it took
    /// over at this moment (<c>ControlContended</c>).
    /// </exception>
    public async Task<ControlTerm> TakeAsync(string by, string reason, bool overridesFence, CancellationToken cancellationToken)
    {
        if (!authority.HasPeer)
        {
            throw new RecoveryException(
                "ControlAlone", "This app has no mirror account, so that there is no other one to take over from.", isTransient: false,
                "Set Dr__MirrorStorage.");
        }

        var sight = await authority.SeeAsync(cancellationToken);
        if (authority.RoleBy(sight.Term) != ControlRole.StandingBy)
        {
            return sight.Term!; // only a term makes an app do anything else
        }

        var told = await authority.TellAsync(by, reason, cancellationToken);
        if (told is not null)
        {
            return await authority.BeginAsync(told, by, reason, ControlFence.Told, cancellationToken);
        }

        var trouble = await StopPeerAsync(cancellationToken);
        return trouble is null
            ? await authority.BeginAsync(null, by, reason, ControlFence.Stopped, cancellationToken)
            : overridesFence
                ? await authority.BeginAsync(null, by, reason, ControlFence.Overridden, cancellationToken)
                : throw new RecoveryException(
                    "ControlNotFenced",
                    $"It is not known that the other app does not act any more: its account does not answer, and {trouble}.",
                    isTransient: true,
                    "Make sure that it does not run, then take over with the override: dr control take --override fence.");
    }

    /// <summary>Stops the other app; null once Resource Manager says that it is stopped, else why that is not known.</summary>
    private async Task<string?> StopPeerAsync(CancellationToken cancellationToken)
    {
        if (authority.Me.Peer is not { } peer)
        {
            return "Dr__PeerApp does not name it, so that it cannot be stopped";
        }

        try
        {
            var began = time.GetTimestamp();
            for (var asked = false; ; await Task.Delay(s_pause, time, cancellationToken))
            {
                switch (await webApps.ReadStateAsync(peer, cancellationToken))
                {
                    case Stopped:
                        return null;
                    case null:
                        return $"Resource Manager knows no app '{peer}'";
                    case var state when time.GetElapsedTime(began) >= LongestStop:
                        return $"'{peer}' is still {state} {LongestStop.TotalSeconds:0} s after it was asked to stop";
                    default:
                        if (!asked)
                        {
                            await webApps.StopAsync(peer, cancellationToken);
                            asked = true;
                        }

                        break;
                }
            }
        }
        catch (RecoveryException exception) when (exception is not DocumentStoreException)
        {
            return $"Resource Manager does not confirm that it is stopped: {exception.Message.TrimEnd('.')}";
        }
    }
}
