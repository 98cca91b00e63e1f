namespace DrFunctions.Recovery.Documents;

/// <summary>The rule for document keys, the same for every store.</summary>
public static class DocumentKey
{
    /// <summary>The longest key, in characters, inclusive. Leaves room for a prefix below the 1,024 of blob names.</summary>
    public const int MaximumLength = 900;

    /// <summary>Returns the key when a store may use it: segments joined by '/', none empty, none ending in a dot.</summary>
    /// <exception cref="ArgumentException">
    /// The key is empty or too long, has an empty segment or one that ends in a dot, or holds a backslash or a control character.
    /// </exception>
    public static string Validate(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var fault = key.Length > MaximumLength ? $"longer than {MaximumLength} characters"
            : key.Split('/').Any(segment => segment.Length == 0) ? "with an empty segment"
            : key.Split('/').Any(segment => segment.EndsWith('.')) ? "with a segment that ends in a dot"
            : key.Any(character => character == '\\' || char.IsControl(character)) ? "with a backslash or a control character"
            : null;
        return fault is null ? key : throw new ArgumentException($"'{key}' is no document key: it is {fault}.", nameof(key));
    }
}
