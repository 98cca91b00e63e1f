using System.Diagnostics;
using OpenTelemetry;

namespace DrFunctions.App.Telemetry;

/// <summary>
/// Leaves out calls that no function and no orchestration has caused: the runtime looks into its task hub twice a second, and each
/// look would be a trace of one span.
/// </summary>
internal sealed class UncausedCalls : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data is { Kind: ActivityKind.Client, HasRemoteParent: false } && data.ParentSpanId == default)
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
