using System.Diagnostics.CodeAnalysis;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans;

/// <summary>What came of reading a plan: the plan, or every mistake in it.</summary>
public sealed record PlanResult
{
    internal PlanResult(WorkloadPlan? plan, IReadOnlyList<PlanMistake> mistakes)
    {
        Plan = plan;
        Mistakes = mistakes;
    }

    /// <summary>True when there is a plan and no mistake.</summary>
    [MemberNotNullWhen(true, nameof(Plan))]
    public bool IsValid => Plan is not null;

    /// <summary>The validated plan; null when there are mistakes.</summary>
    public WorkloadPlan? Plan { get; }

    /// <summary>
    /// In the order of the text. At most <see cref="PlanReader.MaxMistakes"/>, the last of which says how many more there are.
    /// </summary>
    public IReadOnlyList<PlanMistake> Mistakes { get; }
}
