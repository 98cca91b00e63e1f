using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Steps.Notify;

/// <summary>Tells a topic of Event Grid something.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Topic">The prefix of the app settings that say how to reach the topic.</param>
/// <param name="Message">What it is told.</param>
public sealed record NotifyStep(string Name, TimeSpan Timeout, string Topic, string Message) : RunbookStep(Name, Timeout);
