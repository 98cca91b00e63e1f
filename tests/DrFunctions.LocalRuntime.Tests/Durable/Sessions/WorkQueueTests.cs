using DrFunctions.LocalRuntime.Durable.Sessions;

namespace DrFunctions.LocalRuntime.Tests.Durable.Sessions;

public sealed class WorkQueueTests
{
    private readonly List<Task> _tracked = [];
    private readonly List<string> _done = [];

    [Fact]
    public async Task Enqueue_OfOneKind_IsFirstComeFirstServed()
    {
        await RunAsync(atOnce: 1, "a1", "a2", "a3");

        Assert.Equal(["a1", "a2", "a3"], _done);
    }

    [Fact]
    public async Task Enqueue_BehindAThousandOfAnotherKind_IsServedNext()
    {
        await RunAsync(atOnce: 1, [.. Enumerable.Range(0, 1000).Select(number => $"b{number}"), "a1", "a2", "c1"]);

        Assert.InRange(_done.IndexOf("a1"), 0, 3);
        Assert.InRange(_done.IndexOf("c1"), 0, 3);
        Assert.InRange(_done.IndexOf("a2"), 0, 6);
        Assert.Equal(1003, _done.Count);
        Assert.Equal(Enumerable.Range(0, 1000).Select(number => $"b{number}"), _done.Where(one => one[0] == 'b'));
    }

    [Fact]
    public async Task Enqueue_MoreThanMayRun_RunsSoManyAtOnceAndCountsTheRest()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var begun = new SemaphoreSlim(0);
        var queue = new WorkQueue<string>(
            2,
            async _ =>
            {
                begun.Release();
                await release.Task;
            },
            _tracked.Add,
            item => item[..1]);
        foreach (var item in new[] { "a1", "a2", "a3", "b1" })
        {
            queue.Enqueue(item);
        }

        await begun.WaitAsync();
        await begun.WaitAsync();
        Assert.Equal((2, 0), (queue.Waiting, begun.CurrentCount));

        release.SetResult();
        await Task.WhenAll(_tracked);
        Assert.Equal((0, 2), (queue.Waiting, begun.CurrentCount));
    }

    [Fact]
    public async Task Enqueue_ByACallerWithAContext_RunsInNobodys()
    {
        var context = new AsyncLocal<string> { Value = "the caller's" };
        var seen = new List<string?>();
        var queue = new WorkQueue<string>(
            1,
            _ =>
            {
                seen.Add(context.Value);
                return Task.CompletedTask;
            },
            _tracked.Add);

        queue.Enqueue("a");
        using (ExecutionContext.SuppressFlow())
        {
            queue.Enqueue("b");
        }

        await Task.WhenAll(_tracked);
        Assert.Equal([null, null], seen);
        Assert.Equal("the caller's", context.Value);
    }

    /// <summary>Queues all while the first, which is not noted, is still running.</summary>
    private async Task RunAsync(int atOnce, params string[] items)
    {
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var queue = new WorkQueue<string>(
            atOnce,
            async item =>
            {
                await full.Task;
                if (item != "first")
                {
                    _done.Add(item);
                }
            },
            _tracked.Add,
            item => item[..1]);
        queue.Enqueue("first");
        foreach (var item in items)
        {
            queue.Enqueue(item);
        }

        full.SetResult();
        await Task.WhenAll(_tracked);
    }
}
