using DrFunctions.Recovery.Operations;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Operations;

/// <summary>A resource that an operation changes, in memory; every call can be made to fail before or after its effect.</summary>
internal sealed class FakeOperation(Interception interception, TimeProvider time) : IOperations
{
    private static readonly OperationPoll s_poll = new(new Uri("https://management.azure.com/subscriptions/s/operations/1?t=1&c=x"), PollKind.Status);
    private DateTimeOffset? _due;

    /// <summary>How often the operation took effect.</summary>
    public int Begun { get; private set; }

    public bool IsReached { get; private set; }

    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>What polls answer in place of the truth.</summary>
    public Func<OperationProgress>? Answers { get; set; }

    /// <summary>Refuses what begins.</summary>
    public Func<RecoveryException?> Refuses { get; set; } = () => null;

    /// <summary>Whether the resource shows that it is being changed.</summary>
    public bool ShowsChange { get; set; } = true;

    /// <summary>Whether an operation is done at once, without a place to poll.</summary>
    public bool IsSynchronous { get; set; }

    public OperationWork Work(TimeSpan settles = default) => new()
    {
        What = "the work",
        ReadAsync = _ => interception.CallAsync("read", Read),
        BeginAsync = _ => interception.CallAsync("begin", Begin),
        Settles = settles,
    };

    public Task<OperationProgress> PollAsync(OperationPoll poll, CancellationToken cancellationToken) => interception.CallAsync("poll", () =>
    {
        Assert.Equal(s_poll, poll);
        Pass();
        return Answers?.Invoke() ?? new OperationProgress(IsReached ? OperationState.Succeeded : OperationState.Running, "told");
    });

    /// <summary>The operation under way takes no effect any more.</summary>
    public void Forget() => _due = null;

    /// <summary>Another hand made the resource as wanted.</summary>
    public void Arrive() => IsReached = true;

    private OperationTarget Read()
    {
        Pass();
        return IsReached ? OperationTarget.Reached("it is there", new Dictionary<string, string> { ["seen"] = "yes" })
            : _due is not null && ShowsChange ? OperationTarget.Changing("it is being changed")
            : OperationTarget.Open("it is not there");
    }

    private BegunOperation Begin()
    {
        Pass();
        if (Refuses() is { } refusal)
        {
            throw refusal;
        }

        if (_due is not null)
        {
            throw new RecoveryException("ResourceBusy", "busy", isTransient: true, "wait");
        }

        if (IsReached)
        {
            throw new RecoveryException("ResourceManagerRefused", "it is there already", isTransient: false, "look");
        }

        Begun++;
        if (IsSynchronous)
        {
            IsReached = true;
            return BegunOperation.AtOnce;
        }

        _due = time.GetUtcNow() + Duration;
        return new BegunOperation(s_poll, null);
    }

    private void Pass()
    {
        if (_due <= time.GetUtcNow())
        {
            (_due, IsReached) = (null, true);
        }
    }
}
