using System.Diagnostics.CodeAnalysis;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>The history of deployments; used only while a request is handled or an operation ends.</summary>
internal sealed class DeploymentStore
{
    private readonly Dictionary<string, Deployment> _deployments = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that succeeded, oldest first; also when their name has been used again.</summary>
    private readonly List<Deployment> _successful = [];

    public IEnumerable<Deployment> In(string resourceGroup) => _deployments.Values.Where(each => ArmRouter.Is(each.ResourceGroup, resourceGroup));

    public bool TryFind(string id, [NotNullWhen(true)] out Deployment? deployment) => _deployments.TryGetValue(id, out deployment);

    public Deployment? LastSuccessful(string resourceGroup, string? name) =>
        _successful.FindLast(each => ArmRouter.Is(each.ResourceGroup, resourceGroup) && (name is null || ArmRouter.Is(each.Name, name)));

    public void Put(Deployment deployment) => _deployments[deployment.Id] = deployment;

    public void Succeeded(Deployment deployment) => _successful.Add(deployment);

    public void Remove(string id)
    {
        _deployments.Remove(id);
        _successful.RemoveAll(each => ArmRouter.Is(each.Id, id));
    }

    public void RemoveGroup(string resourceGroup)
    {
        foreach (var deployment in In(resourceGroup).ToList())
        {
            Remove(deployment.Id);
        }
    }

    public void Clear()
    {
        _deployments.Clear();
        _successful.Clear();
    }
}
