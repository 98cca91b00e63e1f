using System.Diagnostics.CodeAnalysis;

namespace DrFunctions.Recovery.Workloads;

/// <summary>
/// The id of an Azure resource: <c>/subscriptions/{s}/resourceGroups/{rg}/providers/{namespace}/{type}/{name}[/{type}/{name}…]</c>.
/// Compared ignoring case, as Resource Manager compares.
/// </summary>
public readonly record struct ResourceId
{
    private ResourceId(string value) => Value = value;

    /// <summary>The id as it was written.</summary>
    public string Value { get; }

    /// <summary>The last segment.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>The id of its subscription: <c>/subscriptions/{s}</c>.</summary>
    public string Subscription => Value[..Value.IndexOf('/', "/subscriptions/".Length)];

    /// <summary>Its subscription's own id, as <c>az --subscription</c> takes it.</summary>
    public string SubscriptionId => Value.Split('/')[2];

    /// <summary>The name of its resource group.</summary>
    public string ResourceGroup => Value.Split('/')[4];

    /// <summary>The name of the resource that it lies in, such as a failover group's server; its own name when it lies in none.</summary>
    public string ParentName => Value.Split('/') is { Length: > 9 } parts ? parts[^3] : Name;

    /// <summary>Reads an id; false when the text does not have the shape above.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ResourceId id)
    {
        id = default;
        if (text is null || !text.StartsWith('/') || text.EndsWith('/'))
        {
            return false;
        }

        var parts = text[1..].Split('/');
        var ok = parts.Length >= 8
            && parts.Length % 2 == 0
            && Same(parts[0], "subscriptions")
            && Same(parts[2], "resourceGroups")
            && Same(parts[4], "providers")
            && parts[5].Contains('.', StringComparison.Ordinal)
            && parts.All(part => part is not ("" or "." or "..") && !part.Any(c => char.IsControl(c) || " ?#%\\".Contains(c, StringComparison.Ordinal)));
        if (ok)
        {
            id = new ResourceId(text);
        }

        return ok;
    }

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">The text is not a resource id.</exception>
    public static ResourceId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not an Azure resource id.");

    /// <inheritdoc/>
    public bool Equals(ResourceId other) => Same(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => Value is null ? 0 : Value.GetHashCode(StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
