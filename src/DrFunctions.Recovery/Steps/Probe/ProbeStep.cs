using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Steps.Probe;

/// <summary>Waits until an address has answered well several times in a row.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Url">What is asked, with GET.</param>
/// <param name="Status">The status that is good.</param>
/// <param name="Times">How many good answers in a row, at least 1.</param>
/// <param name="Every">The pause between two.</param>
public sealed record ProbeStep(string Name, TimeSpan Timeout, Uri Url, int Status, int Times, TimeSpan Every) : RunbookStep(Name, Timeout);
