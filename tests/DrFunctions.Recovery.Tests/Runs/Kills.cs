using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

/// <summary>Kills the process at every call that a play makes, one play for each, and lets another process go on.</summary>
internal static class Kills
{
    /// <param name="stage">Makes a scene.</param>
    /// <param name="play">What is done; done again by another process after a kill.</param>
    /// <param name="check">What must hold afterwards.</param>
    /// <param name="failure">What happens at the call in place of a kill; null for a kill.</param>
    /// <returns>The number of calls.</returns>
    public static async Task<int> AtEveryCallAsync(
        Func<RecoveryScene> stage, Func<RecoveryScene, Task> play, Func<RecoveryScene, string, Task> check, Func<string, Exception>? failure = null)
    {
        var calls = 0;
        var scene = stage();
        scene.Interception.Around = (_, moment) =>
        {
            calls += moment == Moment.Before ? 1 : 0;
            return Task.CompletedTask;
        };
        await play(scene);
        await CheckAsync(scene, check, "not killed");
        foreach (var when in new[] { Moment.Before, Moment.After })
        {
            for (var at = 0; at < calls; at++)
            {
                scene = stage();
                var (seen, where) = (0, "");
                scene.Interception.Around = (call, moment) => moment == when && seen++ == at
                    ? throw Failure(where = $"{when} {call}, the call {at}")
                    : Task.CompletedTask;
                await ThroughAsync(scene, play);
                await CheckAsync(scene, check, $"killed {where}");
            }
        }

        return calls;

        Exception Failure(string where) => failure?.Invoke(where) ?? new KilledException(where);
    }

    /// <summary>Plays until nobody is killed any more.</summary>
    public static async Task ThroughAsync(RecoveryScene scene, Func<RecoveryScene, Task> play)
    {
        while (true)
        {
            try
            {
                await play(scene);
                return;
            }
            catch (KilledException)
            {
                scene.Restart();
            }
        }
    }

    private static async Task CheckAsync(RecoveryScene scene, Func<RecoveryScene, string, Task> check, string where)
    {
        scene.Interception.Around = (_, _) => Task.CompletedTask;
        scene.Restart();
        await check(scene, where);
    }
}
