using System.Text.Json;

namespace DrFunctions.Simulator.Files;

/// <summary>A value of a JSON text and where it stands.</summary>
/// <param name="Path">Where in the document, such as <c>sites[1].region</c>; empty for the whole.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Kind">What it is.</param>
internal sealed record JsonPlace(string Path, int Line, int Column, JsonValueKind Kind)
{
    /// <summary>Text of a string, digits of a number; null for everything else.</summary>
    public string? Text { get; init; }

    /// <summary>Members of an object in their order; a name may occur twice.</summary>
    public List<(string Name, JsonPlace Value)> Members { get; } = [];

    /// <summary>Items of an array.</summary>
    public List<JsonPlace> Items { get; } = [];

    /// <summary>This value and all below it.</summary>
    public IEnumerable<JsonPlace> All => [this, .. Members.SelectMany(member => member.Value.All), .. Items.SelectMany(item => item.All)];

    /// <summary>As people write it.</summary>
    public string Shown => Kind switch
    {
        JsonValueKind.String => $"'{Text}'",
        JsonValueKind.Number => Text ?? "",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    public Mistake Mistake(string message) => new(Path, message) { Line = Line, Column = Column };
}
