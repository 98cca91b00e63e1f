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
        return Read(YamlDocument.Load(yaml, mistakes), mistakes);
    }

    /// <summary>Reads a plan with fields of one step changed; checks all of it likewise.</summary>
    /// <param name="yaml">As of <see cref="Read(string)"/>.</param>
    /// <param name="runbook">The runbook's name.</param>
    /// <param name="step">The step's name.</param>
    /// <param name="fields">New values by the fields' names, as a plan would write them.</param>
    public static PlanResult ReadChanged(string yaml, string runbook, string step, IReadOnlyDictionary<string, string> fields)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(fields);
        var mistakes = new MistakeList();
        if (YamlDocument.Load(yaml, mistakes) is not { } root)
        {
            return new PlanResult(null, mistakes.InOrder());
        }

        if (StepChange.Apply(root, runbook, step, fields) is { } changed)
        {
            return Read(changed, mistakes);
        }

        mistakes.Add(root.At, $"runbooks.{runbook}", $"{runbook} has no step '{step}' of its own; expected one whose fields can be changed.");
        return new PlanResult(null, mistakes.InOrder());
    }

    private static PlanResult Read(YamlNode? root, MistakeList mistakes)
    {
        var plan = root is null ? null : WorkloadSection.Read(new Field(root, string.Empty, mistakes));
        return mistakes.IsEmpty && plan is not null
            ? new PlanResult(plan, [])
            : new PlanResult(null, mistakes.InOrder());
    }
}
