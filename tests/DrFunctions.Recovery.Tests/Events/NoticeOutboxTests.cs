using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Events;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Events;

public sealed class NoticeOutboxTests
{
    private static readonly Notice s_notice = new(
        "shop_files_backup-failed_1", "DrFunctions.Backup.Failed", "/drfunctions/shop", "backups/files", DateTimeOffset.UnixEpoch, new Dictionary<string, string> { ["message"] = "why" });

    private readonly Interception calls = new();
    private readonly FakeEventTopic topic;
    private readonly MemoryDocumentStore documents = new();
    private readonly NoticeOutbox outbox;

    public NoticeOutboxTests()
    {
        topic = new FakeEventTopic(calls, []);
        outbox = new NoticeOutbox(documents, topic);
    }

    [Fact]
    public async Task Raise_AgainBeforeAndAfterItWasTold_IsToldOnce()
    {
        await RaiseAsync();
        await RaiseAsync();
        Assert.Empty(await outbox.PublishAsync(default));
        await RaiseAsync();
        Assert.Empty(await outbox.PublishAsync(default));

        var told = Assert.Single(topic.Published);
        Assert.Equal((s_notice.Id, s_notice.Type, "why"), (told.Id, told.Type, told.Facts["message"]));
    }

    [Fact]
    public async Task Raise_WithoutATopic_KeepsNothing()
    {
        await outbox.RaiseAsync("shop", null, s_notice, default);

        Assert.Empty(await outbox.PublishAsync(default));
        Assert.Empty(topic.Published);
    }

    [Fact]
    public async Task Publish_ATopicThatFails_IsAskedOnceAndAgainNextTimeWhileOthersAreTold()
    {
        var asked = 0;
        calls.Around = (call, moment) => call == "Publish DOWN" && moment == Moment.Before && asked++ < 1
            ? throw new RecoveryException("TopicUnavailable", "It does not answer.", isTransient: true, "Wait.")
            : Task.CompletedTask;
        await outbox.RaiseAsync("shop", "DOWN", s_notice with { Id = "one" }, default);
        await outbox.RaiseAsync("shop", "DOWN", s_notice with { Id = "two" }, default);
        await outbox.RaiseAsync("shop", "OTHER", s_notice with { Id = "three" }, default);

        Assert.Equal("TopicUnavailable", Assert.Single(await outbox.PublishAsync(default)).Code);
        Assert.Equal(("three", 1), (Assert.Single(topic.Published).Id, asked));

        Assert.Empty(await outbox.PublishAsync(default));
        Assert.Equal(["one", "three", "two"], topic.Published.Select(notice => notice.Id).Order());
    }

    [Fact]
    public async Task Publish_DiesBeforeItNotesThatItTold_TellsItAgainUnderTheSameId()
    {
        await RaiseAsync();
        calls.Around = (_, moment) => moment == Moment.After ? throw new KilledException("after the effect") : Task.CompletedTask;
        await Assert.ThrowsAsync<KilledException>(() => outbox.PublishAsync(default));
        calls.Around = (_, _) => Task.CompletedTask;

        Assert.Empty(await outbox.PublishAsync(default));
        Assert.Empty(await outbox.PublishAsync(default));

        Assert.Equal([s_notice.Id, s_notice.Id], topic.Published.Select(notice => notice.Id));
    }

    private Task RaiseAsync() => outbox.RaiseAsync("shop", "OPERATORS", s_notice, default);
}
