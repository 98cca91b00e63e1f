using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Steps.Approval;

/// <summary>Waits until enough people have approved.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take; longer than the rule's expiry.</param>
/// <param name="Question">What they approve.</param>
/// <param name="Rule">Who must, and by when.</param>
public sealed record ApprovalStep(string Name, TimeSpan Timeout, string Question, ApprovalRule Rule) : RunbookStep(Name, Timeout)
{
    /// <summary>What is asked for when the step has begun.</summary>
    /// <param name="occasion">The sequence of the journal entry that began it.</param>
    /// <param name="begunAt">When it began.</param>
    /// <param name="starter">Who started the run.</param>
    public ApprovalRequest Request(long occasion, DateTimeOffset begunAt, CallerIdentity starter) => new(Rule, occasion, begunAt, starter);
}
