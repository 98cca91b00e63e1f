using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Steps.Wait;

/// <summary>Lets time pass.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take; longer than <paramref name="For"/>.</param>
/// <param name="For">How long, from when the step began.</param>
public sealed record WaitStep(string Name, TimeSpan Timeout, TimeSpan For) : RunbookStep(Name, Timeout);
