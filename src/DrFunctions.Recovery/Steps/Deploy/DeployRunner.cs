using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Deploy;

/// <summary>Deploys a template under a name that belongs to the run and the step, so that it is recognised.</summary>
internal sealed class DeployRunner(IDeployments deployments, OperationFollower follower) : StepRunner<DeployStep>
{
    private const int LongestName = 64;

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(DeployStep step, StepContext context, CancellationToken cancellationToken)
    {
        await deployments.CheckAsync(step.Template, step.Parameters, cancellationToken);
        var source = step.Template.Path ?? step.Template.Link?.AbsoluteUri;
        return await deployments.ReadAsync(IdOf(step, context), cancellationToken) is { } found
            ? StepCheck.Ok($"the deployment of {source} is '{found.Status}'")
            : StepCheck.Ok(step.Template.Link is null ? $"{source} can be read" : $"{source} is read by Resource Manager, and was not looked at");
    }

    /// <inheritdoc/>
    protected override Task<StepAttempt> AttemptAsync(DeployStep step, StepContext context, CancellationToken cancellationToken)
    {
        var id = IdOf(step, context);
        var work = new OperationWork
        {
            What = $"the deployment '{id.Name}'",
            ReadAsync = async stop => await deployments.ReadAsync(id, stop) switch
            {
                null => OperationTarget.Open($"'{id.Name}' was not begun"),
                { State: OperationState.Succeeded } done => OperationTarget.Reached(
                    string.Create(CultureInfo.InvariantCulture, $"'{id.Name}' deployed {done.Resources.Count} resources to {id.ResourceGroup}"),
                    new Dictionary<string, string> { ["deployment"] = id.Value }),
                { State: OperationState.Failed } failed => OperationTarget.Open($"'{id.Name}' is '{failed.Status}': {failed.Error}"),
                var running => OperationTarget.Changing($"'{id.Name}' is '{running.Status}'"),
            },
            BeginAsync = stop => deployments.BeginAsync(id, step.Template, step.Parameters, stop),
        };
        return follower.AttemptAsync(context, work, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task<StepAttempt> UndoAsync(DeployStep step, StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult(StepAttempt.Done($"what {IdOf(step, context).Name} deployed, if anything, stays: delete it by hand once nobody needs it"));

    private static ResourceId IdOf(DeployStep step, StepContext context)
    {
        // A name has 1 to 64 letters, digits and -_.(); a longer one ends in what tells it apart.
        var name = string.Concat($"dr-{context.Run.RunId}-{step.Name}".Select(each => char.IsAsciiLetterOrDigit(each) || "-_.".Contains(each, StringComparison.Ordinal) ? each : '-'));
        if (name.Length > LongestName)
        {
            name = name[..(LongestName - 13)] + "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12];
        }

        return ResourceId.Parse($"{step.ResourceGroup}/providers/Microsoft.Resources/deployments/{name}");
    }
}
