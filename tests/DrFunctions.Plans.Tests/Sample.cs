using DrFunctions.Plans.Documents;
using DrFunctions.Plans.Fields;

namespace DrFunctions.Plans.Tests;

/// <summary>The sample plan that users start from, and edits of it.</summary>
internal static class Sample
{
    /// <summary>As it is.</summary>
    public static string Whole { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", "shop.yaml"));

    /// <summary>Without the way home, so that there is one runbook to edit, the last thing in the text.</summary>
    public static string Yaml { get; } = Whole[..Whole.IndexOf("\n  # Users return", StringComparison.Ordinal)];

    /// <summary>The sample with one piece of text replaced, which must stand in it.</summary>
    public static string With(string text, string replacement)
    {
        var at = Yaml.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The sample has no '{text}'.");
        return string.Concat(Yaml.AsSpan(0, at), replacement, Yaml.AsSpan(at + text.Length));
    }

    /// <summary>The steps of the sample's only runbook, replaced.</summary>
    public static string WithSteps(params string[] steps) =>
        string.Concat(Yaml.AsSpan(0, Yaml.IndexOf("    - fence:", StringComparison.Ordinal)), string.Concat(steps.Select(step => $"    - {step}\n")));

    /// <summary>Where a text stands in a plan, for the mistakes that are expected there.</summary>
    public static (int Line, int Column) PlaceOf(string yaml, string text)
    {
        var at = yaml.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The plan has no '{text}'.");
        var before = yaml[..at];
        return (before.Count(character => character == '\n') + 1, at - before.LastIndexOf('\n'));
    }

    /// <summary>The only mistake of a plan.</summary>
    public static PlanMistake OnlyMistake(string yaml)
    {
        var result = PlanReader.Read(yaml);
        Assert.Null(result.Plan);
        return Assert.Single(result.Mistakes);
    }

    public static YamlNode Node(string yaml)
    {
        var mistakes = new MistakeList();
        var node = YamlDocument.Load(yaml, mistakes);
        Assert.Empty(mistakes.InOrder());
        return Assert.IsAssignableFrom<YamlNode>(node);
    }
}
