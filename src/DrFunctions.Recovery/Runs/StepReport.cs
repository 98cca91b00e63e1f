namespace DrFunctions.Recovery.Runs;

/// <summary>What an orchestrator needs to know of an attempt. Small: it is kept in the durable history.</summary>
/// <param name="Next">What follows.</param>
/// <param name="AfterSeconds">How long to wait before the next attempt.</param>
/// <param name="Code">Stable code of what is waited for, or of a failure.</param>
/// <param name="Summary">What is waited for, in words.</param>
public sealed record StepReport(StepNext Next, double AfterSeconds, string? Code, string? Summary);

/// <summary>What follows from an attempt.</summary>
public enum StepNext
{
    /// <summary>The next step.</summary>
    Continue,

    /// <summary>Another attempt.</summary>
    Again,

    /// <summary>The end of the run: the step failed or a person cancelled.</summary>
    Stop,
}

/// <summary>What an orchestrator needs to know of a run when it begins.</summary>
/// <param name="TimeoutSeconds">The timeout of each step, in order.</param>
public sealed record RunOutline(IReadOnlyList<double> TimeoutSeconds);
