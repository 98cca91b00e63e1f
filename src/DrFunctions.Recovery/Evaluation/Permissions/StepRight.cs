using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Evaluation.Permissions;

/// <summary>A right that a step needs.</summary>
/// <param name="Step">The step, as <c>failover.fence</c>.</param>
/// <param name="Permission">The right, and where.</param>
public sealed record StepRight(string Step, RequiredPermission Permission);
