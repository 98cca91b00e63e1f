namespace DrFunctions.Testing.Recovery;

/// <summary>Runs actors one call at a time, in an order that the seed decides. An actor pauses before each of its calls.</summary>
public sealed class Interleaving(Random random)
{
    private readonly AsyncLocal<int?> _actor = new();
    private TaskCompletionSource?[] _waiting = [];

    /// <summary>For <see cref="Interception.Around"/>.</summary>
    public Task PauseAsync(string call, Moment moment)
    {
        if (moment == Moment.After || _actor.Value is not { } actor)
        {
            return Task.CompletedTask;
        }

        // Continues inline, so that everything has come to rest when SetResult returns.
        _waiting[actor] = new TaskCompletionSource();
        return _waiting[actor]!.Task;
    }

    /// <summary>Runs off the test's synchronization context, which would post continuations instead of running them inline.</summary>
    public Task RunAsync(params Func<Task>[] actors) => Task.Run(async () =>
    {
        _waiting = new TaskCompletionSource?[actors.Length];
        var running = new List<Task>();
        for (var i = 0; i < actors.Length; i++)
        {
            _actor.Value = i;
            running.Add(actors[i]());
        }

        _actor.Value = null;
        while (Enumerable.Range(0, actors.Length).Where(i => _waiting[i] is not null).ToArray() is { Length: > 0 } ready)
        {
            var next = ready[random.Next(ready.Length)];
            var turn = _waiting[next]!;
            _waiting[next] = null;
            turn.SetResult();
        }

        await Task.WhenAll(running);
    });
}
