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
}
