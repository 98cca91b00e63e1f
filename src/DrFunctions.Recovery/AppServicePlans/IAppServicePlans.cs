using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.AppServicePlans;

/// <summary>App Service plans (<c>Microsoft.Web/serverfarms</c>), through Resource Manager.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when Resource Manager refuses or does not answer.</remarks>
public interface IAppServicePlans
{
    /// <summary>The plan as it is; null when it does not exist.</summary>
    Task<AppServicePlan?> ReadAsync(ResourceId plan, CancellationToken cancellationToken);

    /// <summary>
    /// Begins to scale. The whole plan is read and put back, because sizes cannot be patched; a second time does the same again.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="size">The size, such as <c>P1v3</c>; null to keep it.</param>
    /// <param name="instances">The number of instances, 1 or more; null to keep it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<BegunOperation> ScaleAsync(ResourceId plan, string? size, int? instances, CancellationToken cancellationToken);
}

/// <summary>An App Service plan.</summary>
/// <param name="Size">Such as <c>P1v3</c>.</param>
/// <param name="Instances">How many it has.</param>
/// <param name="IsChanging">True while an operation changes it.</param>
/// <param name="MostInstances">How many its size allows; null when the service did not say.</param>
public sealed record AppServicePlan(string Size, int Instances, bool IsChanging, int? MostInstances);
