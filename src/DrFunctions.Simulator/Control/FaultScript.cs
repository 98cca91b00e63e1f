using System.Text.RegularExpressions;

namespace DrFunctions.Simulator.Control;

/// <summary>The faults that are still to strike, in the order they were added. Thread safe.</summary>
internal sealed class FaultScript
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    /// <exception cref="ArgumentException">A member of the fault is out of range; the message names it.</exception>
    public void Add(Fault fault)
    {
        if (!Enum.IsDefined(fault.Kind) || !Enum.IsDefined(fault.Phase))
        {
            throw new ArgumentException($"kind and phase: {(int)fault.Kind} and {(int)fault.Phase} are not both known.");
        }

        Check(fault.Status is >= 500 and <= 599, "status", fault.Status, "500 to 599");
        Check(fault.Seconds is >= 0 and <= 3600, "seconds", fault.Seconds, "0 to 3600");
        Check(fault.Count >= 1, "count", fault.Count, "1 or more");
        Regex? path;
        try
        {
            path = fault.Path is null
                ? null
                : new Regex(fault.Path, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"path: '{fault.Path}' is not a regular expression: {exception.Message}", exception);
        }

        lock (_gate)
        {
            _entries.Add(new Entry(fault, path) { Left = fault.Count });
        }
    }

    /// <summary>The first fault that this request meets in this phase, used up by one; null when it meets none.</summary>
    public Fault? Take(string method, string path, FaultPhase phase) =>
        Take(each => !IsOfOperations(each) && each.Phase == phase, method, path);

    /// <summary>The first fault of the operation that this request begins, used up by one; null when it meets none.</summary>
    public Fault? TakeForOperation(string method, string path) => Take(IsOfOperations, method, path);

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    private Fault? Take(Predicate<Fault> kind, string method, string path)
    {
        lock (_gate)
        {
            var entry = _entries.Find(each => kind(each.Fault) && each.Meets(method, path));
            if (entry is not null && --entry.Left == 0)
            {
                _entries.Remove(entry);
            }

            return entry?.Fault;
        }
    }

    private static bool IsOfOperations(Fault fault) =>
        fault.Kind is FaultKind.FailOperation or FaultKind.CancelOperation or FaultKind.StallOperation;

    private static void Check(bool valid, string member, int value, string expected)
    {
        if (!valid)
        {
            throw new ArgumentException($"{member}: expected {expected} and found {value}.");
        }
    }

    private sealed class Entry(Fault fault, Regex? path)
    {
        public Fault Fault { get; } = fault;

        public int Left { get; set; }

        public bool Meets(string method, string requestPath)
        {
            try
            {
                return (Fault.Method is null || string.Equals(Fault.Method, method, StringComparison.OrdinalIgnoreCase))
                    && (path is null || path.IsMatch(requestPath));
            }
            catch (RegexMatchTimeoutException)
            {
                // A pattern that takes forever meets nothing.
                return false;
            }
        }
    }
}
