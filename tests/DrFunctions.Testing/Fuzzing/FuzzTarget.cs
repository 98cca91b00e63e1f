namespace DrFunctions.Testing.Fuzzing;

/// <summary>An address that requests are made for, and what a good one looks like.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, from <c>/</c>; the text <c>{id}</c> becomes a word.</param>
/// <param name="Query">The query without <c>?</c>, and without the key.</param>
/// <param name="Key">The key; null for none.</param>
/// <param name="Bodies">Good bodies; none for a method without one.</param>
public sealed record FuzzTarget(string Method, string Path, string Query = "", string? Key = null, params IReadOnlyList<string> Bodies)
{
    /// <summary>Headers besides the usual ones, each <c>name: value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];
}
