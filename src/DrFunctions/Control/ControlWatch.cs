using DrFunctions.Cloud.Documents;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Signals.Unreadable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Control;

/// <summary>
/// Where a second app stands by: gives signs of life, and takes over when the app in control gives none. The one timer that also runs
/// while this app stands by.
/// </summary>
public sealed partial class ControlWatch(
    ControlAuthority authority,
    ControlTakeover takeover,
    ControlSilence silence,
    DocumentReplicas replicas,
    SignalRetention retention,
    UnreadableIncidents unreadable,
    TimeProvider time,
    ILoggerFactory logs,
    ILogger<ControlWatch> logger)
{
    public const string Name = "WatchControl";

    [Function(Name)]
    public async Task RunAsync([TimerTrigger("15,45 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        if (!authority.HasPeer)
        {
            return;
        }

        await authority.BeatAsync(cancellationToken);
        switch (await authority.ReadRoleAsync(cancellationToken))
        {
            case ControlRole.InControl:
                await authority.SpreadAsync(cancellationToken);
                break;
            case ControlRole.Settling:
                await CatchUpAsync(cancellationToken);
                break;
            default:
                await WatchAsync(cancellationToken);
                break;
        }
    }

    /// <summary>
    /// Brings what the other account holds and could not mirror into this app's: that account still decides, because nobody writes here
    /// before the term acts. What it does not answer for is lost, as after any loss of the control region.
    /// </summary>
    public async Task<int?> CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reversed = new MirroredDocumentStore(
                replicas.All[1].Store, replicas.All[0].Store, MirroredKeys.Contains, time, logs.CreateLogger<MirroredDocumentStore>());
            return await reversed.CatchUpAsync(cancellationToken);
        }
        catch (DocumentStoreException exception)
        {
            LogNotCaughtUp(exception.Message);
            return null;
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        if (retention.IsDue)
        {
            await retention.SweepAsync(cancellationToken);
            await unreadable.SweepAsync(cancellationToken);
        }

        var silent = silence.Count(await authority.SeeAsync(cancellationToken));
        if (silent < ControlBeat.LongestSilence)
        {
            return;
        }

        try
        {
            var term = await takeover.TakeAsync(
                $"the app in {authority.Me.Region}", $"no sign of life of the app in control for {silent.TotalSeconds:0} s", overridesFence: false, cancellationToken);
            LogTaken(term.Term, term.Fence);
            await CatchUpAsync(cancellationToken);
        }
        catch (RecoveryException exception) when (exception.IsTransient)
        {
            LogNotTaken(exception.Code, exception.Message);
        }
    }

    [LoggerMessage(7001, LogLevel.Warning, "This app is in control from term {Term} on; the other one: {Fence}")]
    private partial void LogTaken(long term, ControlFence fence);

    [LoggerMessage(7002, LogLevel.Error, "The app in control gives no sign of life, and this one cannot take over by itself: {Code}: {Message}")]
    private partial void LogNotTaken(string code, string message);

    [LoggerMessage(7003, LogLevel.Warning, "What the other account holds could not be read before this term acts: {Message}")]
    private partial void LogNotCaughtUp(string message);
}
