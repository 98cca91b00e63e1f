using System.Globalization;
using DrFunctions.Recovery.HttpCalls;

namespace DrFunctions.Recovery.Steps.Http;

/// <summary>Sends one request an attempt, always with the same key.</summary>
internal sealed class HttpRunner(IHttpCalls calls) : StepRunner<HttpStep>
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override Task<StepCheck> PrecheckAsync(HttpStep step, StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Host(step, context) is null
            ? StepCheck.Failed(NotAllowed, NotAllowedMessage(step), NotAllowedHint)
            : StepCheck.Ok($"the plan allows {step.Url.IdnHost}"));

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(HttpStep step, StepContext context, CancellationToken cancellationToken)
    {
        if (Host(step, context) is not { } host)
        {
            return StepAttempt.Failed(NotAllowed, NotAllowedMessage(step), NotAllowedHint);
        }

        await context.EnsureCurrentAsync(cancellationToken);
        var key = string.Create(CultureInfo.InvariantCulture, $"{context.Run.RunId}-{context.Index}");
        var plain = step.IsRead ? new Dictionary<string, string>() : new Dictionary<string, string> { [step.KeyHeader] = key };
        var answer = await calls.SendAsync(
            new HttpCall(step.Method, step.Url, step.Headers, plain, step.Body, step.ContentType, step.Timeout < LongestCall ? step.Timeout : LongestCall),
            host,
            cancellationToken);
        var summary = string.Create(CultureInfo.InvariantCulture, $"{step.Method} {step.Url} answered {answer.Status} from {answer.Address}");
        if (step.Expect.Contains(answer.Status))
        {
            return StepAttempt.Done(
                summary, new Dictionary<string, string> { ["status"] = answer.Status.ToString(CultureInfo.InvariantCulture), ["key"] = key });
        }

        summary = $"{summary}, expected {string.Join(", ", step.Expect)}";
        return answer.Status is 408 or 425 or 429 or >= 500
            ? StepAttempt.Again("CallRefused", summary, Pause, "Look at the service; then retry the step.")
            : StepAttempt.Failed("CallRefused", summary, "Correct the step's request, or the setting that a header takes its value from.");
    }

    private const string NotAllowed = "HostNotAllowed";

    private const string NotAllowedHint = "Add the host to the plan's http.allow.";

    private static AllowedHost? Host(HttpStep step, StepContext context) => context.Plan.HttpHosts.FirstOrDefault(host => host.IsOf(step.Url));

    private static string NotAllowedMessage(HttpStep step) => $"The plan does not allow the host '{step.Url.IdnHost}'.";
}
