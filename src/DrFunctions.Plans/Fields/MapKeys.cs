namespace DrFunctions.Plans.Fields;

/// <summary>The keys that one kind of map in a plan has. The JSON schema says the same; a test holds them together.</summary>
/// <param name="Name">The kind's name, which is also its name in the schema.</param>
/// <param name="Required">Keys that must be there.</param>
/// <param name="Optional">Keys that may be there.</param>
internal sealed record MapKeys(string Name, string[] Required, string[] Optional)
{
    public IEnumerable<string> All => Required.Concat(Optional);
}
