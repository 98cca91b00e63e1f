namespace DrFunctions.Plans.Documents;

/// <summary>YAML that is well-formed and still not read; it ends the reading of the document.</summary>
internal sealed class RefusedYamlException(Place at, string message) : Exception(message)
{
    public Place At { get; } = at;
}
