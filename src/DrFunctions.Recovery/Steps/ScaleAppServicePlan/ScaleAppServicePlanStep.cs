using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ScaleAppServicePlan;

/// <summary>Gives an App Service plan another size or number of instances, and waits until it has them.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Plan">The App Service plan.</param>
/// <param name="Size">Such as <c>P1v3</c>; null to keep it.</param>
/// <param name="Instances">1 or more; null to keep them.</param>
public sealed record ScaleAppServicePlanStep(string Name, TimeSpan Timeout, ResourceId Plan, string? Size, int? Instances) : RunbookStep(Name, Timeout);
