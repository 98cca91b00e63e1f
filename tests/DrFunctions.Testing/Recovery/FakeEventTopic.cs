using DrFunctions.Recovery.Events;

namespace DrFunctions.Testing.Recovery;

/// <summary>A topic in memory whose subscribers tell repetitions by the id.</summary>
public sealed class FakeEventTopic(Interception interception, List<string> effects) : IEventTopic
{
    /// <summary>What was published, repetitions included.</summary>
    public List<Notice> Published { get; } = [];

    public Task PublishAsync(string connection, Notice notice, CancellationToken cancellationToken) =>
        interception.CallAsync($"Publish {connection}", () =>
        {
            if (!Published.Any(one => one.Id == notice.Id))
            {
                effects.Add($"tell {connection}: {notice.Type}");
            }

            Published.Add(notice);
            return true;
        });
}
