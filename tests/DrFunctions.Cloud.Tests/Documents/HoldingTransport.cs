using Azure.Core;
using Azure.Core.Pipeline;

namespace DrFunctions.Cloud.Tests.Documents;

/// <summary>Holds every request until they are let go, and counts how many there were at once.</summary>
internal sealed class HoldingTransport : HttpPipelineTransport
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _goes = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _held = [];
    private readonly List<string[]> _moments = [];

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        var path = Uri.UnescapeDataString(message.Request.Uri.Path);
        lock (_gate)
        {
            _held.Add(path);
            _moments.Add([.. _held]);
        }

        await _goes.Task;
        await HttpClientTransport.Shared.ProcessAsync(message);
        lock (_gate)
        {
            _held.Remove(path);
        }
    }

    /// <summary>Waits until so many are held.</summary>
    public async Task HeldAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Count() < count)
        {
            await Task.Yield();
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Lets all go, now and later.</summary>
    public void LetGo() => _goes.SetResult();

    /// <summary>How many requests about such documents there were at once, at most.</summary>
    public int Most(string documents)
    {
        lock (_gate)
        {
            return _moments.Max(moment => moment.Count(path => path.Contains(documents, StringComparison.Ordinal)));
        }
    }

    private int Count()
    {
        lock (_gate)
        {
            return _held.Count;
        }
    }
}
