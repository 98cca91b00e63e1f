namespace DrFunctions.Simulator.Control;

/// <summary>The last requests that Resource Manager received. Thread safe; bounded.</summary>
internal sealed class RequestLog
{
    private const int Capacity = 10_000;
    private readonly Lock _gate = new();
    private readonly Queue<LoggedRequest> _requests = [];

    public IReadOnlyList<LoggedRequest> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public void Add(LoggedRequest request)
    {
        lock (_gate)
        {
            if (_requests.Count == Capacity)
            {
                _requests.Dequeue();
            }

            _requests.Enqueue(request);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
        }
    }
}
