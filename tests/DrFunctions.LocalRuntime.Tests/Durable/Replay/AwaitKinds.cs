using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>Every kind of thing an orchestrator may await or ask for. Activities: Echo, Fail, Large (a document of its own), Long (not quite), After.</summary>
internal static class AwaitKinds
{
    private const string Begun = "begun";

    public static IReadOnlyList<AwaitKind> All { get; } = [.. Activities(), .. Times(), .. Events(), .. Children(), .. Lives()];

    public static AwaitKind Named(string name) => All.Single(kind => kind.Name == name);

    private static IEnumerable<AwaitKind> Activities()
    {
        yield return new("activity", async (context, mark) =>
        {
            mark(Begun);
            var first = await context.CallActivityAsync<string>("Echo", context.GetInput<string>());
            mark("first");
            return first + await context.CallActivityAsync<string>("Echo", "second");
        })
        { Input = "input" };
        yield return new("when-all", async (context, mark) =>
        {
            mark(Begun);
            var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<string>("Echo", $"{i}")));
            mark("all");
            return all;
        });
        yield return new("activity-fails", async (context, mark) =>
        {
            mark(Begun);
            try
            {
                return await context.CallActivityAsync<string>("Fail", "broken");
            }
            catch (TaskFailedException e)
            {
                mark("caught");
                await context.CallActivityAsync("Echo", "undone");
                return e.FailureDetails.ErrorMessage;
            }
        });
        yield return new("retry-policy", async (context, mark) =>
        {
            mark(Begun);
            var policy = new RetryPolicy(9, TimeSpan.FromSeconds(4), 2);
            var done = await context.CallActivityAsync<string>(
                "After", context.CurrentUtcDateTime.AddSeconds(9), TaskOptions.FromRetryPolicy(policy));
            mark("done");
            return done;
        });
        yield return new("retry-handler", async (context, mark) =>
        {
            mark(Begun);
            var options = TaskOptions.FromRetryHandler(async retry =>
            {
                await retry.OrchestrationContext.CreateTimer(TimeSpan.FromSeconds(3), CancellationToken.None);
                return retry.LastAttemptNumber < 3;
            });
            try
            {
                return await context.CallActivityAsync<string>("Fail", "always", options);
            }
            catch (TaskFailedException e)
            {
                mark("given up");
                return e.FailureDetails.ErrorMessage;
            }
        });
        yield return new("large-payloads", async (context, mark) =>
        {
            mark(Begun);
            var large = await context.CallActivityAsync<string>("Large");
            mark("large");
            var again = await context.CallActivityAsync<string>("Echo", large);
            return $"{large.Length} {again == large}";
        });
        yield return new("long-history", async (context, mark) =>
        {
            mark(Begun);
            var length = 0;
            for (var i = 0; i < 3; i++)
            {
                length += (await context.CallActivityAsync<string>("Long")).Length;
            }

            mark("long");
            return length + (await context.CallActivityAsync<string>("Echo", "x")).Length;
        });
    }

    private static IEnumerable<AwaitKind> Times()
    {
        yield return new("timer", async (context, mark) =>
        {
            mark(Begun);
            var due = context.CurrentUtcDateTime.AddSeconds(10);
            await context.CreateTimer(due, CancellationToken.None);
            mark("fired");
            return context.CurrentUtcDateTime >= due;
        });
        yield return new("cancelled-timer", async (context, mark) =>
        {
            mark(Begun);
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
            await context.CallActivityAsync("Echo", "work");
            cancel.Cancel();
            mark("cancelled");
            await context.CallActivityAsync("Echo", "more work");
            return timer.IsCanceled;
        });
        yield return new("when-any", async (context, mark) =>
        {
            mark(Begun);
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
            var approval = context.WaitForExternalEvent<string>("word");
            var winner = await Task.WhenAny(timer, approval);
            cancel.Cancel();
            mark("won");
            await context.CreateTimer(TimeSpan.FromSeconds(3), CancellationToken.None);
            return winner == approval ? await approval : "too late";
        })
        { Deeds = [Deed.Raise("word", "approved", after: Begun)] };
        yield return new("later-start", async (context, mark) =>
        {
            mark(Begun);
            return await context.CallActivityAsync<string>("Echo", "late");
        })
        { StartsAfter = TimeSpan.FromSeconds(8) };
    }

    private static IEnumerable<AwaitKind> Events()
    {
        yield return new("event", async (context, mark) =>
        {
            mark(Begun);
            var word = await context.WaitForExternalEvent<string>("word");
            mark("heard");
            return word + await context.CallActivityAsync<string>("Echo", "!");
        })
        { Deeds = [Deed.Raise("word", "hello", after: Begun)] };
        yield return new("event-in-time", async (context, mark) =>
        {
            mark(Begun);
            var word = await context.WaitForExternalEvent<string>("word", TimeSpan.FromDays(1));
            mark("heard");
            return word + await context.CallActivityAsync<string>("Echo", "!");
        })
        { Deeds = [Deed.Raise("word", "hello", after: Begun)] };
        yield return new("event-too-late", async (context, mark) =>
        {
            mark(Begun);
            try
            {
                return await context.WaitForExternalEvent<string>("word", TimeSpan.FromSeconds(5));
            }
            catch (TaskCanceledException)
            {
                mark("too late");
                return "then " + await context.WaitForExternalEvent<string>("word");
            }
        })
        { Deeds = [Deed.Raise("word", "hello", after: "too late")] };
        yield return new("buffered-events", async (context, mark) =>
        {
            mark(Begun);
            await context.CreateTimer(TimeSpan.FromSeconds(4), CancellationToken.None);
            var words = new List<string> { await context.WaitForExternalEvent<string>("word") };
            mark("one");
            await context.CallActivityAsync("Echo", "between");
            words.Add(await context.WaitForExternalEvent<string>("other"));
            words.Add(await context.WaitForExternalEvent<string>("WORD"));
            return words;
        })
        { Deeds = [Deed.Raise("word", "a"), Deed.Raise("Word", "b"), Deed.Raise("other", "c", after: Begun)] };
        yield return new("sent-events", async (context, mark) =>
        {
            mark(Begun);
            var ear = context.CallSubOrchestratorAsync("Ear", options: new SubOrchestrationOptions(instanceId: "ear"));
            context.SendEvent("ear", "speak", "one");
            context.SendEvent("ear", "speak", "two");
            var heard = await context.WaitForExternalEvent<string>("heard");
            mark("heard");
            await ear;
            return heard;
        })
        {
            Children = new()
            {
                ["Ear"] = async (context, mark) =>
                {
                    mark("listens");
                    var words = $"{await context.WaitForExternalEvent<string>("speak")} {await context.WaitForExternalEvent<string>("speak")}";
                    context.SendEvent(context.Parent!.InstanceId, "heard", words);
                    return null;
                },
            },
        };
    }

    private static IEnumerable<AwaitKind> Children()
    {
        yield return new("sub-orchestration", async (context, mark) =>
        {
            mark(Begun);
            var named = await context.CallSubOrchestratorAsync<string>("Child", "a", new SubOrchestrationOptions(instanceId: "child"));
            mark("named");
            return named + await context.CallSubOrchestratorAsync<string>("Child", "b");
        })
        { Children = new() { ["Child"] = ChildAsync } };
        yield return new("sub-orchestrations-together", async (context, mark) =>
        {
            mark(Begun);
            var children = Enumerable.Range(0, 3).Select(i => context.CallSubOrchestratorAsync<string>("Child", $"{i}")).ToList();
            await context.CreateTimer(TimeSpan.FromSeconds(2), CancellationToken.None);
            var all = await Task.WhenAll(children);
            mark("all");
            return all;
        })
        { Children = new() { ["Child"] = ChildAsync } };
        yield return new("sub-orchestration-fails", async (context, mark) =>
        {
            mark(Begun);
            try
            {
                var policy = new RetryPolicy(2, TimeSpan.FromSeconds(2));
                await context.CallSubOrchestratorAsync("Child", options: TaskOptions.FromRetryPolicy(policy));
                return "not failed";
            }
            catch (TaskFailedException e)
            {
                mark("caught");
                return e.FailureDetails.ErrorMessage;
            }
        })
        {
            Children = new()
            {
                ["Child"] = async (context, mark) =>
                {
                    mark("child begun");
                    return await context.CallActivityAsync<string>("Fail", "child's");
                },
            },
        };
    }

    private static IEnumerable<AwaitKind> Lives()
    {
        yield return new("continue-as-new", async (context, mark) =>
        {
            var got = context.GetInput<List<int>>()!;
            mark($"{got.Count}");
            got.Add(await context.WaitForExternalEvent<int>("add"));
            got.Add(await context.WaitForExternalEvent<int>("add"));
            if (got.Count < 6)
            {
                context.ContinueAsNew(got);
            }

            return got;
        })
        {
            Input = new List<int>(),
            Deeds = [.. Enumerable.Range(1, 6).Select(i => Deed.Raise("add", i, after: i == 4 ? "2" : null))],
        };
        yield return new("suspended", async (context, mark) =>
        {
            mark(Begun);
            var word = await context.WaitForExternalEvent<string>("word");
            mark("heard");
            return word + await context.CallActivityAsync<string>("Echo", "!");
        })
        {
            Deeds =
            [
                new(found => Deed.Shows(found, Begun), (client, id) => client.SuspendInstanceAsync(id, "lunch")),
                new(found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended, (client, id) => client.RaiseEventAsync(id, "word", "kept")),
                new(_ => true, (client, id) => client.ResumeInstanceAsync(id)),
            ],
        };
        yield return new("terminated", async (context, mark) =>
        {
            mark(Begun);
            var child = context.CallSubOrchestratorAsync<string>("Child", options: new SubOrchestrationOptions(instanceId: "child"));
            await context.WaitForExternalEvent<string>("here");
            mark("both");
            return await child;
        })
        {
            Deeds =
            [
                new(
                    found => Deed.Shows(found, "both"),
                    (client, id) => client.TerminateInstanceAsync(id, new TerminateInstanceOptions("enough", Recursive: true))),
            ],
            Children = new()
            {
                ["Child"] = async (context, _) =>
                {
                    context.SendEvent(context.Parent!.InstanceId, "here", "child");
                    return await context.WaitForExternalEvent<string>("never");
                },
            },
        };
        yield return new("failed", async (context, mark) =>
        {
            mark(Begun);
            await context.CallActivityAsync("Echo", "x");
            mark("fails");
            throw new InvalidOperationException($"{context.Name} {context.InstanceId} failed");
        });
    }

    private static async Task<object?> ChildAsync(TaskOrchestrationContext context, Action<string> mark)
    {
        mark("child begun");
        var done = await context.CallActivityAsync<string>("Echo", context.GetInput<string>());
        mark("child done");
        return $"{done} of {context.Parent!.Name} {context.Parent.InstanceId}";
    }
}
