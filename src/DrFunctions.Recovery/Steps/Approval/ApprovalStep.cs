using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Steps.Approval;

/// <summary>Waits until enough people have approved.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take; longer than the rule's expiry.</param>
/// <param name="Question">What they approve.</param>
/// <param name="Rule">Who must, and by when.</param>
public sealed record ApprovalStep(string Name, TimeSpan Timeout, string Question, ApprovalRule Rule) : RunbookStep(Name, Timeout);
