using System.Diagnostics.CodeAnalysis;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.ResourceGroups;

/// <summary>All resource groups; used only while a request is handled or an operation ends.</summary>
internal sealed class ResourceGroupStore(Scenario scenario)
{
    private readonly Dictionary<string, ResourceGroup> _groups = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<ResourceGroup> All => _groups.Values;

    public bool TryFind(string name, [NotNullWhen(true)] out ResourceGroup? group) => _groups.TryGetValue(name, out group);

    /// <exception cref="ArmRejection">There is no such group.</exception>
    public ResourceGroup Find(string name) => TryFind(name, out var group)
        ? group
        : throw new ArmRejection(404, "ResourceGroupNotFound", $"Resource group '{name}' could not be found.");

    /// <summary>The group, to write into.</summary>
    /// <exception cref="ArmRejection">There is no such group, or it is being deleted.</exception>
    public ResourceGroup FindToWrite(string name)
    {
        var group = Find(name);
        return group.Deleting ? throw OperationShapes.ResourceGroups.Busy(group.Name) : group;
    }

    public void Put(ResourceGroup group) => _groups[group.Name] = group;

    public void Remove(string name) => _groups.Remove(name);

    public void Reset()
    {
        _groups.Clear();
        foreach (var name in scenario.ResourceGroups)
        {
            _groups.Add(name, new ResourceGroup(name, scenario.Regions[0].Name));
        }
    }
}
