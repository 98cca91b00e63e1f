using System.Diagnostics.CodeAnalysis;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.ResourceManagement;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Simulator.Operations;

/// <summary>All asynchronous operations: begins them, ends them when their time has come and answers who polls.</summary>
/// <remarks>Thread safe. An operation ends under <see cref="Gate"/>, which also holds every request: the two never meet.</remarks>
internal sealed partial class OperationStore(Scenario scenario, OperationFaults faults, SeededSource random, TimeProvider time, ILogger<OperationStore> logger) : IDisposable
{
    /// <summary>How long the end of an operation can still be read.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly PollUrls _urls = new(scenario.SubscriptionId, scenario.ResourceManager.SignedPollUrls);
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<string, List<(string Target, Operation Operation)>> _paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Operation, ITimer> _timers = [];
    private readonly Queue<(Operation Operation, CancellationToken? HangsUntil)> _begun = [];
    private int _depth;

    /// <summary>Held while a request is handled and while an operation ends.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Handles a request under <see cref="Gate"/>. What it begins cannot end before it has written all that shows it as begun.</summary>
    public T Exclusively<T>(Func<T> handle)
    {
        lock (Gate)
        {
            _depth++;
            try
            {
                return handle();
            }
            finally
            {
                if (--_depth == 0)
                {
                    LetRun();
                }
            }
        }
    }

    /// <summary>Whether an operation runs on the resource.</summary>
    public bool IsBusy(string resource) => TryFindRunning(resource, out _);

    /// <summary>The operation that changes the resource itself; null when none does.</summary>
    public Operation? FindOn(string resource)
    {
        lock (Gate)
        {
            return _timers.Keys.FirstOrDefault(each => ArmRouter.Is(each.Plan.Resource, resource));
        }
    }

    /// <summary>Ends an operation as canceled, if it still runs.</summary>
    public void Cancel(Operation operation, ArmRejection why)
    {
        lock (Gate)
        {
            if (_timers.Remove(operation, out var timer))
            {
                timer.Dispose();
                Fail(operation, why, OperationOutcome.Canceled);
            }
        }
    }

    /// <exception cref="ArmRejection">An operation runs on one of the resources.</exception>
    public void RequireIdle(OperationShape shape, params IEnumerable<string> resources)
    {
        if (resources.FirstOrDefault(IsBusy) is { } busy)
        {
            throw shape.Busy(busy.Split('/')[^1]);
        }
    }

    /// <summary>Begins an operation; from now until its end its resources are busy.</summary>
    /// <exception cref="ArmRejection">One of them is busy already.</exception>
    public Operation Begin(ArmRequest request, OperationPlan plan)
    {
        return Exclusively(BeginNow);

        Operation BeginNow()
        {
            RequireIdle(plan.Shape, [plan.Resource, .. plan.AlsoBusy]);
            ForgetOld();
            var now = time.GetUtcNow();
            var fault = faults.Take(request.Method, request.Path);
            var id = random.NextId("arm/operations").ToString();
            var place = new OperationPlace(scenario.SubscriptionId, plan.Resource, plan.Location, id);
            var operation = new Operation
            {
                Id = id,
                Plan = plan,
                Started = now,
                Due = now + DurationOf(plan) + (fault?.Delay ?? TimeSpan.Zero),
                StatusUrl = UrlOf(plan.Shape.StatusUrl),
                ResultUrl = UrlOf(plan.Shape.ResultUrl),
                RetryAfterSeconds = scenario.ResourceManager.RetryAfterSeconds,
                Doom = fault?.Kind switch
                {
                    FaultKind.Fail => ArmRejection.FromService(500, fault.Code ?? "InternalServerError", fault.Message ?? "A scripted fault of the simulator."),
                    FaultKind.Cancel => ArmRejection.FromService(409, fault.Code ?? "OperationCanceled", fault.Message ?? "A scripted fault of the simulator."),
                    _ => null,
                },
                DoomedOutcome = fault?.Kind == FaultKind.Cancel ? OperationOutcome.Canceled : OperationOutcome.Failed,
            };
            operation.Look(now);
            _operations.Add(operation);
            Register(operation.StatusUrl, operation);
            Register(operation.ResultUrl, operation);
            AddTimer(operation);
            _begun.Enqueue((operation, fault?.Kind == FaultKind.Hang ? fault.Over : null));
            return operation;

            string? UrlOf(Func<OperationPlace, string>? of) => of is null ? null : _urls.Make(request.Authority, of(place), request.ApiVersion, now);
        }
    }

    /// <summary>Answers the poll of an operation; null when the request is none.</summary>
    /// <exception cref="ArmRejection">The URL is that of an operation, but not the one that was given out.</exception>
    public ArmResponse? Poll(ArmRequest request)
    {
        lock (Gate)
        {
            ForgetOld();
            if (request.Method is not ("GET" or "HEAD") || !_paths.TryGetValue(request.Target.Split('?')[0], out var candidates))
            {
                return null;
            }

            var url = request.Authority + request.Target;
            var match = candidates.FirstOrDefault(each => each.Target == url);
            if (match.Operation is null && !scenario.ResourceManager.SignedPollUrls)
            {
                match = candidates.FirstOrDefault(each => each.Target.Contains("monitor=true", StringComparison.Ordinal) == request.Query.ContainsKey("monitor"));
            }

            if (match.Operation is not { } operation)
            {
                throw new ArmRejection(
                    403, "InvalidOperationUrl", "The signature of the operation's URL does not fit it. Follow the URL exactly as it was given.");
            }

            operation.Look(time.GetUtcNow());
            return match.Target == operation.ResultUrl && match.Target != operation.StatusUrl ? ResultOf(operation) : StatusOf(operation);
        }
    }

    /// <summary>Forgets every operation; those that run take no effect any more.</summary>
    public void Reset()
    {
        lock (Gate)
        {
            foreach (var timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
            _begun.Clear();
            _operations.Clear();
            _paths.Clear();
        }
    }

    public void Dispose() => Reset();

    private static ArmResponse StatusOf(Operation operation)
    {
        var body = operation.Plan.Shape.Status(operation);
        if (operation.Error is { } error)
        {
            body["error"] = error.ToError();
        }

        // The status is also an answer to those who look at the code of the answer only.
        return operation.Outcome == OperationOutcome.Running
            ? ArmResponse.Ok(body) with { RetryAfterSeconds = operation.RetryAfterSeconds }
            : ArmResponse.Ok(body);
    }

    private static ArmResponse ResultOf(Operation operation) => operation switch
    {
        { Result: { } result } => result,
        { Error: { } error } => error.ToResponse(),
        _ => operation.Attach(new ArmResponse(202)) with
        {
            Headers = new Dictionary<string, string> { ["Location"] = operation.ResultUrl! }, // it was polled
        },
    };

    private TimeSpan DurationOf(OperationPlan plan)
    {
        var options = scenario.ResourceManager;
        return options.OperationSecondsByName.FirstOrDefault(each => ArmRouter.Is(each.Key, plan.Name)) is { Key: not null } named
            ? TimeSpan.FromSeconds(named.Value)
            : options.OperationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : plan.Duration;
    }

    private void Register(string? url, Operation operation)
    {
        if (url is not null)
        {
            var path = new Uri(url).AbsolutePath;
            if (!_paths.TryGetValue(path, out var entries))
            {
                _paths.Add(path, entries = []);
            }

            entries.Add((url, operation));
        }
    }

    /// <summary>Sets the times of what was begun: a clock may call back within the call, so the operation is complete by now.</summary>
    private void LetRun()
    {
        while (_begun.TryDequeue(out var begun))
        {
            if (begun.HangsUntil is { } over)
            {
                over.Register(() => End(begun.Operation));
            }
            else if (_timers.TryGetValue(begun.Operation, out var timer))
            {
                var left = begun.Operation.Due - time.GetUtcNow();
                timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private ITimer AddTimer(Operation operation)
    {
        var timer = time.CreateTimer(_ => End(operation), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timers.Add(operation, timer);
        return timer;
    }

    private void End(Operation operation) => Exclusively(() =>
    {
        if (!_timers.Remove(operation, out var timer))
        {
            return false;
        }

        timer.Dispose();
        TakeEffect(operation);
        return true;
    });

    private void TakeEffect(Operation operation)
    {
        try
        {
            if (operation.Doom is { } doom)
            {
                Fail(operation, doom, operation.DoomedOutcome);
            }
            else if (operation.Plan.Complete() is { } result)
            {
                operation.Succeed(time.GetUtcNow(), result);
            }
            else
            {
                AddTimer(operation).Change(operation.Plan.Again, Timeout.InfiniteTimeSpan);
            }
        }
        catch (ArmRejection rejection)
        {
            Fail(operation, rejection, OperationOutcome.Failed);
        }
        catch (Exception exception)
        {
            // The border of a timer: nobody above could answer, so the operation itself has failed.
            LogFailure(exception, operation.Plan.Name, operation.Plan.Resource);
            Fail(operation, ArmRejection.FromService(500, "InternalServerError", "The simulator failed: " + exception.Message), OperationOutcome.Failed);
        }
    }

    private void Fail(Operation operation, ArmRejection error, OperationOutcome outcome)
    {
        operation.Fail(time.GetUtcNow(), error, outcome);
        operation.Plan.Abandon();
    }

    private bool TryFindRunning(string resource, [NotNullWhen(true)] out Operation? operation)
    {
        lock (Gate)
        {
            operation = _timers.Keys.FirstOrDefault(each => ArmRouter.Is(each.Plan.Resource, resource) || each.Plan.AlsoBusy.Any(busy => ArmRouter.Is(busy, resource)));
            return operation is not null;
        }
    }

    private void ForgetOld()
    {
        var limit = time.GetUtcNow() - Retention;
        foreach (var old in _operations.Where(each => each.Ended < limit).ToList())
        {
            _operations.Remove(old);
            foreach (var url in new[] { old.StatusUrl, old.ResultUrl }.OfType<string>())
            {
                _paths.Remove(new Uri(url).AbsolutePath);
            }
        }
    }

    [LoggerMessage(EventId = 7102, Level = LogLevel.Error, Message = "The operation {Name} on {Resource} failed inside the simulator.")]
    private partial void LogFailure(Exception exception, string name, string resource);
}
