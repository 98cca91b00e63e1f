using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Signals.Unreadable;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Signals.Unreadable;

public sealed class UnreadableIncidentsTests
{
    private readonly RecoveryScene scene = new();

    [Fact]
    public async Task Add_SeveralSignals_AreOneOpenIncidentWithTheirNumber()
    {
        var incidents = AnotherProcess();

        await AddAsync(incidents, "a", "not an event");
        await AddAsync(incidents, "b", "not an event");
        await AddAsync(AnotherProcess(), "c", "names no resource");

        var open = Assert.Single(await incidents.ReadAsync(default));
        Assert.Equal(("unreadable-000001", true, 3), (open.Id, open.IsOpen, open.Count));
        Assert.Equal(["a", "b", "c"], open.Examples);
        Assert.Equal(["not an event", "names no resource"], open.Reasons);
    }

    [Fact]
    public async Task Add_ASignalThatIsDeliveredAgain_IsCountedOnce()
    {
        await AddAsync(AnotherProcess(), "a");
        await AddAsync(AnotherProcess(), "a");
        var incidents = AnotherProcess();
        await AddAsync(incidents, "a");

        Assert.Equal(1, Assert.Single(await incidents.ReadAsync(default)).Count);
    }

    [Fact]
    public async Task Acknowledge_ByAPerson_ClosesItAndTheNextSignalOpensAnother()
    {
        var incidents = AnotherProcess();
        await AddAsync(incidents, "a");

        var closed = await incidents.AcknowledgeAsync("unreadable-000001", RecoveryScene.Ops, "mended", default);
        var again = await incidents.AcknowledgeAsync("unreadable-000001", RecoveryScene.Ops with { Name = "other" }, "me too", default);
        await AddAsync(incidents, "b");
        await AddAsync(incidents, "a"); // delivered again: it was seen to

        Assert.Equal(("ops", "mended", false), (closed!.AcknowledgedBy!.Name, closed.Note, closed.IsOpen));
        Assert.Equal(closed.AcknowledgedAt, again!.AcknowledgedAt);
        Assert.Equal("ops", again.AcknowledgedBy!.Name);
        Assert.Equal(
            [("unreadable-000002", true, 1L), ("unreadable-000001", false, 1L)],
            (await incidents.ReadAsync(default)).Select(each => (each.Id, each.IsOpen, each.Count)));
    }

    [Theory]
    [InlineData("unreadable-000009")]
    [InlineData("unreadable-")]
    [InlineData("shop-000001")]
    [InlineData("../locks/shop")]
    [InlineData("unreadable-1/2")]
    [InlineData("")]
    public async Task Acknowledge_WhatIsNone_IsNothing(string id)
    {
        var incidents = AnotherProcess();
        await AddAsync(incidents, "a");

        Assert.Null(await incidents.AcknowledgeAsync(id, RecoveryScene.Ops, "mended", default));
        Assert.True(Assert.Single(await incidents.ReadAsync(default)).IsOpen);
    }

    [Fact]
    public async Task Add_AFloodAtOnce_IsCountedWholeInAFewWritesAndStaysSmall()
    {
        const int Flood = 5000;
        var (writes, first) = (0, new TaskCompletionSource());
        var incidents = AnotherProcess();
        scene.Interception.Around = (call, moment) =>
            moment == Moment.Before && call.StartsWith("Try", StringComparison.Ordinal) && call.Contains(" unreadable/", StringComparison.Ordinal) && ++writes == 1
                ? first.Task // so that all others come while one writes
                : Task.CompletedTask;

        var reason = new string('x', 100_000);
        var all = Enumerable.Range(0, Flood).Select(each => incidents.AddAsync($"s{each}", reason, default)).ToList();
        first.SetResult();
        await Task.WhenAll(all);

        scene.Interception.Around = (_, _) => Task.CompletedTask;
        var open = Assert.Single(await incidents.ReadAsync(default));
        Assert.Equal((Flood, UnreadableIncident.MostExamples, 1), (open.Count, open.Examples.Count, open.Reasons.Count));
        Assert.Equal(201, open.Reasons[0].Length);
        Assert.True(incidents.IsFull);
        Assert.InRange(writes, 1, 2);
    }

    [Fact]
    public async Task Add_TwoProcessesAtOnce_LoseNone()
    {
        var (one, other) = (AnotherProcess(), AnotherProcess());
        scene.Interception.Around = async (_, _) => await Task.Yield();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(each => (each % 2 == 0 ? one : other).AddAsync($"s{each}", "why", default)));

        Assert.Equal(40, (await one.ReadAsync(default)).Sum(incident => incident.Count));
    }

    [Fact]
    public async Task Add_TheStoreFails_TellsTheSenderAndForgetsNobodyElses()
    {
        var incidents = AnotherProcess();
        scene.Interception.Around = (call, moment) => call.StartsWith("TryCreate unreadable/", StringComparison.Ordinal) && moment == Moment.Before
            ? throw new DocumentStoreException("dark", isTransient: true)
            : Task.CompletedTask;
        await Assert.ThrowsAsync<DocumentStoreException>(() => incidents.AddAsync("a", "why", default));
        Assert.False(incidents.IsFull);

        scene.Interception.Around = (_, _) => Task.CompletedTask;
        await AddAsync(incidents, "b");

        Assert.Equal(["a", "b"], Assert.Single(await incidents.ReadAsync(default)).Examples);
    }

    [Fact]
    public async Task Sweep_ManyClosedOnes_KeepsTheNewestAndEveryOpenOne()
    {
        var incidents = AnotherProcess();
        for (var each = 1; each <= UnreadableIncidents.MostClosed + 3; each++)
        {
            await AddAsync(incidents, $"s{each}");
            await incidents.AcknowledgeAsync($"unreadable-{each:D6}", RecoveryScene.Ops, "seen", default);
        }

        Assert.Equal(3, await incidents.SweepAsync(default));
        Assert.Equal(0, await incidents.SweepAsync(default));
        Assert.Equal(UnreadableIncidents.MostClosed, (await incidents.ReadAsync(default)).Count);

        // The numbers go on.
        await AddAsync(incidents, "new");
        Assert.Equal($"unreadable-{UnreadableIncidents.MostClosed + 4:D6}", (await incidents.ReadAsync(default))[0].Id);
    }

    private UnreadableIncidents AnotherProcess() => new(scene.Documents, scene.Clock);

    private static async Task AddAsync(UnreadableIncidents incidents, string id, string reason = "not an event") =>
        await incidents.MarkAsync(id, await incidents.AddAsync(id, reason, default), default);
}
