namespace DrFunctions.Plans.Documents;

/// <summary>A place in the text, both from 1.</summary>
internal readonly record struct Place(int Line, int Column);

/// <summary>A piece of a YAML document that knows where it was written.</summary>
internal abstract record YamlNode(Place At);

/// <summary>Text. A plain one was written without quotes, so that <c>12</c>, <c>true</c> and <c>null</c> are not text.</summary>
internal sealed record YamlScalar(Place At, string Value, bool IsPlain) : YamlNode(At)
{
    /// <summary>True when it does not stand in the plan: a person's retry of a step gave it.</summary>
    public bool IsFromRetry { get; init; }
}

/// <summary>A list.</summary>
internal sealed record YamlList(Place At, IReadOnlyList<YamlNode> Items) : YamlNode(At);

/// <summary>A map; keys are unique.</summary>
internal sealed record YamlMap(Place At, IReadOnlyList<YamlEntry> Entries) : YamlNode(At);

/// <summary>One key of a map and its value.</summary>
internal sealed record YamlEntry(Place At, string Key, YamlNode Value);
