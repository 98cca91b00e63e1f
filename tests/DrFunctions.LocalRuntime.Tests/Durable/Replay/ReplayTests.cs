using Xunit.Abstractions;

namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>
/// Each kind of await is cut off after each of its writes and continued by a fresh engine: it ends as the uninterrupted run, sees
/// what it saw, and logs no line twice.
/// </summary>
public sealed class ReplayTests(ITestOutputHelper output)
{
    public static TheoryData<string> Kinds => [.. AwaitKinds.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Orchestration_ContinuedFromEachPointOfItsHistory_EndsAsTheUninterruptedRun(string name)
    {
        var kind = AwaitKinds.Named(name);
        var (whole, end) = await KindRun.PlayAsync(kind);
        await using var disposed = whole;
        output.WriteLine($"{whole.Cuts.Count} cuts; {end.ToJson()}");
        Continuation.AssertStable(whole.Marks);
        Assert.Equal(whole.Marks.Select(KindRun.LineOf).Distinct().Order(), end.Lines);

        var seenAgain = 0;
        await Parallel.ForEachAsync(whole.Cuts.ToList(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (cut, _) =>
        {
            var (next, nextEnd) = await KindRun.ResumeAsync(kind, cut);
            await using var nextDisposed = next;
            Continuation.AssertSame(cut, end, nextEnd, next.Marks, withDocuments: true);
            Continuation.AssertStable(next.Marks.Concat(whole.Marks).Where(mark => mark.InstanceId == "it"), withTimes: false);
            Interlocked.Add(ref seenAgain, next.Marks.Intersect(cut.Marks).Count());
            Assert.Empty(await next.LeftAfterPurgeAsync());
        });

        Assert.True(seenAgain > 0, "No cut was replayed.");
        await Golden.WriteIfAskedAsync(kind, whole, end);
    }
}
