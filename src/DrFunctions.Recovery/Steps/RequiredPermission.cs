using System.Diagnostics.CodeAnalysis;

namespace DrFunctions.Recovery.Steps;

/// <summary>A right that the app's identity needs for a step; custom roles are made from these.</summary>
/// <param name="Action">An operation of Azure's, such as <c>Microsoft.Web/sites/stop/action</c>.</param>
/// <param name="Scope">
/// The id of the resource, resource group or subscription that it is needed on; or, for storage, which plans know by the name of an
/// app setting only, that name.
/// </param>
/// <param name="Kind">How to read the other two.</param>
[SuppressMessage("Naming", "CA1711", Justification = "It is what Azure calls a permission, not one of .NET's code access security.")]
public sealed record RequiredPermission(string Action, string Scope, PermissionKind Kind = PermissionKind.Management);

/// <summary>What sort of operation a permission is for.</summary>
public enum PermissionKind
{
    /// <summary>An operation of Resource Manager on a resource.</summary>
    Management,

    /// <summary>An operation on data, on a resource.</summary>
    Data,

    /// <summary>An operation on data, in the storage account behind an app setting.</summary>
    StorageData,
}
