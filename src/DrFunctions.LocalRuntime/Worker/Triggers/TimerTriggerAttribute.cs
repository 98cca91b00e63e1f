using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function by the clock.</summary>
/// <param name="schedule">A six-field NCRONTAB expression in UTC, or <c>%SETTING%</c>.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>A six-field NCRONTAB expression in UTC, or <c>%SETTING%</c>.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Whether the function also runs whenever the host starts; default false.</summary>
    public bool RunOnStartup { get; set; }

    /// <summary>Whether the schedule's state is kept, so that a missed occurrence fires late and once; default true.</summary>
    public bool UseMonitor { get; set; } = true;
}
