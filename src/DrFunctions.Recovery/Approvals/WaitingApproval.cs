using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Approvals;

/// <summary>An approval that a run waits for.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Workload">Its workload.</param>
/// <param name="Step">The step's index, from 0.</param>
/// <param name="StepName">The step's name.</param>
/// <param name="Question">What is to be approved.</param>
/// <param name="Request">Who must approve, and by when.</param>
/// <param name="Count">Where it stands.</param>
public sealed record WaitingApproval(
    string RunId, string Workload, int Step, string StepName, string Question, ApprovalRequest Request, ApprovalCount Count);
