using DrFunctions.Plans.Documents;
using DrFunctions.Plans.Fields;
using DrFunctions.Plans.Sections;

namespace DrFunctions.Plans;

/// <summary>Reads plans. Thread safe; does no I/O and reads no clock.</summary>
public static class PlanReader
{
    /// <summary>The longest plan that is read, in bytes of UTF-8.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The most mistakes that are told at once.</summary>
    public const int MaxMistakes = 100;

    /// <summary>
    /// Reads a plan and checks all of it, so that every mistake is told at once. Only text that is not a YAML document in the
    /// first place gets a single mistake. Any text is answered in bounded time and none throws.
    /// </summary>
    /// <param name="yaml">One YAML 1.2 document without anchors, aliases and tags; a leading byte order mark is allowed.</param>
    public static PlanResult Read(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);

        var mistakes = new MistakeList();
        var root = YamlDocument.Load(yaml, mistakes);
        var plan = root is null ? null : WorkloadSection.Read(new Field(root, string.Empty, mistakes));
        return mistakes.IsEmpty && plan is not null
            ? new PlanResult(plan, [])
            : new PlanResult(null, mistakes.InOrder());
    }
}
