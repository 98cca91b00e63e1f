using System.Globalization;

namespace DrFunctions.Cloud.Tests.Documents;

/// <summary>
/// Runs writers one call at a time in an order of its choice: at random, or one order after the other until all were tried.
/// </summary>
internal sealed class Schedule(Random? random = null)
{
    private readonly List<(int Choice, int Of)> _choices = [];

    /// <summary>Runs off the test's synchronization context, which would post continuations instead of running them inline.</summary>
    public Task<bool[]> RunAsync(params Func<Func<Moment, Task>, Task<bool>>[] writers) => Task.Run(() => RunHereAsync(writers));

    private async Task<bool[]> RunHereAsync(Func<Func<Moment, Task>, Task<bool>>[] writers)
    {
        var waiting = new TaskCompletionSource?[writers.Length];
        var running = writers
            .Select((writer, i) => writer(moment =>
            {
                if (moment == Moment.After)
                {
                    return Task.CompletedTask;
                }

                // Continues inline, so that everything has come to rest when SetResult returns.
                waiting[i] = new TaskCompletionSource();
                return waiting[i]!.Task;
            }))
            .ToArray();
        for (var step = 0; waiting.Any(one => one is not null); step++)
        {
            var ready = Enumerable.Range(0, writers.Length).Where(i => waiting[i] is not null).ToArray();
            var next = ready[Choose(step, ready.Length)];
            var turn = waiting[next]!;
            waiting[next] = null;
            turn.SetResult();
        }

        return await Task.WhenAll(running);
    }

    /// <summary>Goes to the next order that was not tried; false when there is none.</summary>
    public bool TryNext()
    {
        while (_choices.Count > 0)
        {
            var (choice, of) = _choices[^1];
            _choices.RemoveAt(_choices.Count - 1);
            if (choice + 1 < of)
            {
                _choices.Add((choice + 1, of));
                return true;
            }
        }

        return false;
    }

    public override string ToString() => string.Concat(_choices.Select(one => one.Choice.ToString(CultureInfo.InvariantCulture)));

    private int Choose(int step, int of)
    {
        if (random is not null)
        {
            return random.Next(of);
        }

        if (step == _choices.Count)
        {
            _choices.Add((0, of));
        }

        return _choices[step].Choice;
    }
}
