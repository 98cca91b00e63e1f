using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Sessions;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>
/// Deletes the messages that an instance has taken up. One that the host before took up may be read here at this moment: then it
/// comes, though nobody needs it, and must be known until it has come. One caller at a time.
/// </summary>
internal sealed class TakenMessages(HubSession session)
{
    private readonly HashSet<string> _takenBefore = new(StringComparer.Ordinal);

    /// <summary>An instance was read that names messages taken up before.</summary>
    public void Loaded(InstanceState state) => _takenBefore.UnionWith(state.Taken);

    /// <summary>A message has come.</summary>
    public void HasCome(string document) => _takenBefore.Remove(document);

    /// <summary>Deletes what is taken up and cannot come any more.</summary>
    public async Task DeleteAsync(InstanceState state)
    {
        foreach (var document in state.Taken.ToList())
        {
            if (_takenBefore.Contains(document) && !session.Inbox.TryClaim(document))
            {
                continue;
            }

            _takenBefore.Remove(document);
            await session.Inbox.DeleteAsync(document);
            state.Taken.Remove(document);
        }
    }
}
