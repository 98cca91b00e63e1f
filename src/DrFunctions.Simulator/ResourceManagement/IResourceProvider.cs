namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>The resource types of one namespace.</summary>
internal interface IResourceProvider
{
    /// <summary>Such as <c>Microsoft.Web</c>.</summary>
    string Namespace { get; }

    /// <summary>The resource types with the api-versions they are known to have, newest first.</summary>
    IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; }

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    ArmResponse Handle(ArmRequest request);
}
