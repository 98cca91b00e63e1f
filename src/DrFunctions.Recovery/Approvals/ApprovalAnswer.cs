using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Approvals;

/// <summary>What became of a person's word.</summary>
public abstract record ApprovalAnswer
{
    private ApprovalAnswer()
    {
    }

    /// <summary>It is recorded.</summary>
    /// <param name="Approval">Where the approval stands now.</param>
    /// <param name="Decision">What is recorded: the earlier word, when the person had said the same before.</param>
    /// <param name="IsNew">Whether it was not recorded before.</param>
    public sealed record Recorded(WaitingApproval Approval, DecisionRecord Decision, bool IsNew) : ApprovalAnswer;

    /// <summary>There is no such run.</summary>
    public sealed record UnknownRun : ApprovalAnswer;

    /// <summary>The run waits for no approval, or for none of that step, or for several and none was named.</summary>
    /// <param name="Waiting">The names of the steps that wait.</param>
    public sealed record NotWaiting(IReadOnlyList<string> Waiting) : ApprovalAnswer;

    /// <summary>This person's word does not count here.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record NotYours(string Reason) : ApprovalAnswer;

    /// <summary>The time is over.</summary>
    /// <param name="ExpiredAt">Since when.</param>
    public sealed record Late(DateTimeOffset ExpiredAt) : ApprovalAnswer;

    /// <summary>The person declined before, and that stays.</summary>
    /// <param name="Earlier">The decline.</param>
    public sealed record Declined(DecisionRecord Earlier) : ApprovalAnswer;
}
