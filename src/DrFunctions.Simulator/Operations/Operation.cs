using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Operations;

/// <summary>How an operation ends; <see cref="Running"/> until then.</summary>
internal enum OperationOutcome
{
    Running,
    Succeeded,
    Failed,
    Canceled,
}

/// <summary>An asynchronous operation, running or over.</summary>
internal sealed class Operation
{
    public required string Id { get; init; }

    public required OperationPlan Plan { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ends, if nothing else happens.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>The absolute Azure-AsyncOperation URL; null when the provider has none.</summary>
    public string? StatusUrl { get; init; }

    /// <summary>The absolute Location URL; null when the provider has none.</summary>
    public string? ResultUrl { get; init; }

    /// <summary>Seconds for Retry-After; null when the provider does not say.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The end that a fault has in store for it; null for none.</summary>
    public ArmRejection? Doom { get; init; }

    /// <summary>How it ends then.</summary>
    public OperationOutcome DoomedOutcome { get; init; } = OperationOutcome.Failed;

    public OperationOutcome Outcome { get; private set; }

    public DateTimeOffset? Ended { get; private set; }

    public ArmRejection? Error { get; private set; }

    /// <summary>What the call would have answered had it been synchronous; null while it runs and when it failed.</summary>
    public ArmResponse? Result { get; private set; }

    /// <summary>The status as last looked at, in the provider's words.</summary>
    public string Status { get; private set; } = "";

    /// <summary>How much is done, 0 to 100, as last looked at.</summary>
    public int PercentComplete { get; private set; }

    /// <summary>The 202 that accepts the request.</summary>
    public ArmResponse Accepted() => Attach(new ArmResponse(202, Plan.Shape.Accepted(this)));

    /// <summary>Adds the URLs to poll to an answer of another status, such as a 201 whose resource is being made.</summary>
    public ArmResponse Attach(ArmResponse response)
    {
        var headers = new Dictionary<string, string>(response.Headers.Concat(Plan.Shape.Headers));
        if (StatusUrl is not null)
        {
            headers["Azure-AsyncOperation"] = StatusUrl;
        }

        if (ResultUrl is not null)
        {
            headers["Location"] = ResultUrl;
        }

        return response with { Headers = headers, RetryAfterSeconds = RetryAfterSeconds };
    }

    public void Look(DateTimeOffset now)
    {
        if (Outcome != OperationOutcome.Running)
        {
            (Status, PercentComplete) = (Outcome.ToString(), 100);
            return;
        }

        var names = Plan.Shape.Running;
        var done = Due > Started ? Math.Clamp((now - Started) / (Due - Started), 0, 1) : 1;
        Status = names[Math.Min((int)(done * names.Count), names.Count - 1)];
        PercentComplete = Math.Min((int)(done * 100), 99);
    }

    public void Succeed(DateTimeOffset now, ArmResponse result) => (Outcome, Ended, Result) = (OperationOutcome.Succeeded, now, result);

    public void Fail(DateTimeOffset now, ArmRejection error, OperationOutcome outcome) => (Outcome, Ended, Error) = (outcome, now, error);
}
