namespace DrFunctions.Testing.Recovery;

/// <summary>
/// Runs actors one call at a time, in an order that the seed decides. An actor pauses before each of its calls; one that makes several
/// at once has each of them paused.
/// </summary>
public sealed class Interleaving(Random random)
{
    private readonly AsyncLocal<bool> _isActor = new();
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <summary>For <see cref="Interception.Around"/>.</summary>
    public Task PauseAsync(string call, Moment moment)
    {
        if (moment == Moment.After || !_isActor.Value)
        {
            return Task.CompletedTask;
        }

        // Continues inline, so that everything has come to rest when SetResult returns.
        var turn = new TaskCompletionSource();
        _waiting.Add(turn);
        return turn.Task;
    }

    /// <summary>Runs off the test's synchronization context, which would post continuations instead of running them inline.</summary>
    public Task RunAsync(params Func<Task>[] actors) => Task.Run(async () =>
    {
        _isActor.Value = true;
        var running = actors.Select(actor => actor()).ToList();
        _isActor.Value = false;
        while (_waiting.Count > 0)
        {
            var next = _waiting[random.Next(_waiting.Count)];
            _waiting.Remove(next);
            next.SetResult();
        }

        await Task.WhenAll(running);
    });
}
