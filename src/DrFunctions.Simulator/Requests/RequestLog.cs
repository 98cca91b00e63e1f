using System.Runtime.InteropServices;

namespace DrFunctions.Simulator.Requests;

/// <summary>The last requests of all wires. Thread safe; keeps <see cref="Capacity"/> and counts what it forgot.</summary>
internal sealed class RequestLog
{
    public const int Capacity = RequestFilter.MaxLimit;
    private readonly Lock _gate = new();
    private readonly Queue<LoggedRequest> _kept = [];
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private TaskCompletionSource _arrival = NewArrival();
    private long _total;
    private long _dropped;

    public (int Kept, long Dropped) Counts
    {
        get
        {
            lock (_gate)
            {
                return (_kept.Count, _dropped);
            }
        }
    }

    /// <summary>Adds a request and gives it its sequence.</summary>
    public void Add(LoggedRequest request)
    {
        TaskCompletionSource arrival;
        lock (_gate)
        {
            if (_kept.Count == Capacity)
            {
                _kept.Dequeue();
                _dropped++;
            }

            var sequence = ++CollectionsMarshal.GetValueRefOrAddDefault(_sequences, request.Wire, out _);
            _kept.Enqueue(request with { Sequence = sequence });
            _total++;
            (arrival, _arrival) = (_arrival, NewArrival());
        }

        arrival.SetResult();
    }

    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    public RequestPage Read(RequestFilter filter)
    {
        var wanted = filter.Compile();
        List<LoggedRequest> kept;
        long first;
        long dropped;
        lock (_gate)
        {
            first = _total - _kept.Count;
            var after = filter.After > _total ? 0 : filter.After; // of before the last reset
            kept = [.. _kept.Skip((int)Math.Clamp(after - first, 0, _kept.Count))];
            first = _total - kept.Count;
            dropped = _dropped;
        }

        var found = new List<LoggedRequest>();
        var next = first;
        foreach (var request in kept.TakeWhile(_ => found.Count < filter.Limit))
        {
            next++;
            if (wanted(request))
            {
                found.Add(request);
            }
        }

        // Answers that end at one moment end in any order: the order shown is the same in every run.
        return new RequestPage(
            [.. found.OrderBy(request => request.Time).ThenBy(request => request.Wire, StringComparer.Ordinal).ThenBy(request => request.Sequence)],
            next,
            dropped);
    }

    /// <summary>As <see cref="Read"/>, once there are at least <paramref name="count"/>.</summary>
    public async Task<RequestPage> ReadAsync(RequestFilter filter, int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                arrival = _arrival.Task;
            }

            var page = Read(filter);
            if (page.Requests.Count >= count)
            {
                return page;
            }

            await arrival.WaitAsync(cancellationToken);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _kept.Clear();
            _sequences.Clear();
            (_total, _dropped) = (0, 0);
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
