using System.Globalization;

namespace DrFunctions.Recovery.Steps.Wait;

/// <summary>Waits by saying when to be asked again: nothing is held meanwhile, and a restart changes nothing.</summary>
internal sealed class WaitRunner(TimeProvider time) : StepRunner<WaitStep>
{
    /// <inheritdoc/>
    protected override Task<StepAttempt> AttemptAsync(WaitStep step, StepContext context, CancellationToken cancellationToken)
    {
        var until = context.BegunAt + step.For;
        var left = until - time.GetUtcNow();
        return Task.FromResult(left <= TimeSpan.Zero
            ? StepAttempt.Done(string.Create(CultureInfo.InvariantCulture, $"waited until {until:u}"))
            : StepAttempt.Again(
                "Waiting", string.Create(CultureInfo.InvariantCulture, $"waits until {until:u}"), left, "Give the step a timeout longer than its 'for'."));
    }
}
