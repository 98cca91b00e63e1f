using System.Diagnostics;

namespace DrFunctions.App.Deployments;

/// <summary>Waits for a condition, for as long as no healthy test needs.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(40);

    /// <summary>Looks until what is seen is as expected, and gives it back; the failure shows what was seen last.</summary>
    public static async Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> expected, string what, Func<string>? context = null)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (expected(seen))
            {
                return seen;
            }

            Assert.False(patience.Elapsed > Patience, $"Not within {Patience}: {what}. Last seen: {seen}\n{context?.Invoke()}");
            await Task.Delay(Look);
        }
    }
}
