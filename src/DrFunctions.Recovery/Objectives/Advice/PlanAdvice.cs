using DrFunctions.Recovery.Objectives.Impact;
using DrFunctions.Recovery.Objectives.Strategies;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Objectives.Advice;

/// <summary>A plan held against its objectives.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Objectives">What is asked.</param>
/// <param name="Declared">The plan's strategy.</param>
/// <param name="Advised">The cheapest strategy that the objectives ask for.</param>
/// <param name="Runbooks">How long each runbook is expected to take.</param>
/// <param name="Costs">Every strategy's expected loss beside its cost; empty where the plan states no impact.</param>
/// <param name="Findings">What was found, in the plan's order.</param>
public sealed record PlanAdvice(
    string Workload,
    RecoveryObjectives Objectives,
    Strategy Declared,
    StrategyAdvice Advised,
    IReadOnlyList<RunbookTime> Runbooks,
    IReadOnlyList<StrategyCost> Costs,
    IReadOnlyList<AdviceFinding> Findings);

/// <summary>How long a runbook is expected to take.</summary>
/// <param name="Name">The runbook.</param>
/// <param name="Known">The time before the start, and of all steps that were measured; of those side by side the longest.</param>
/// <param name="Expected">The same with the others, each at what steps of its kind take when all is well.</param>
/// <param name="Unknown">The names of the steps that were not measured.</param>
public sealed record RunbookTime(string Name, TimeSpan Known, TimeSpan Expected, IReadOnlyList<string> Unknown);
