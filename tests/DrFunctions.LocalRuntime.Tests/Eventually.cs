using DrFunctions.Testing.Time;

namespace DrFunctions.LocalRuntime;

/// <summary>Waits for a condition, for as long as no healthy test needs.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>Looks again and again until the condition holds.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Not within {Hosts.Patience}: {what}");
            await Task.Delay(Look, CancellationToken.None);
        }
    }

    /// <summary>Moves the clock by steps until the condition holds.</summary>
    public static Task HoldsAsync(ManualTimeProvider clock, TimeSpan step, Func<bool> condition, string what) => HoldsAsync(
        () =>
        {
            if (condition())
            {
                return true;
            }

            clock.Advance(step);
            return condition();
        },
        what);
}
