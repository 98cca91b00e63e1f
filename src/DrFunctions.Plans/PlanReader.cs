using DrFunctions.Plans.Documents;
using DrFunctions.Plans.Fields;
using DrFunctions.Plans.Sections;
using DrFunctions.Recovery.Workloads;

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

    /// <summary>
    /// Reads a plan that was applied, maybe before a newer version of this reader had some rule: such a plan is read all the same, and
    /// says in <see cref="WorkloadPlan.BrokenRules"/> which. The runs of a lost region do not wait for a corrected plan.
    /// </summary>
    /// <param name="yaml">As of <see cref="Read(string)"/>.</param>
    public static PlanResult ReadApplied(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var mistakes = new MistakeList();
        return Applied(YamlDocument.Load(yaml, mistakes), mistakes);
    }

    /// <summary>
    /// Reads a plan that was applied with fields of one step changed; checks all of it likewise. The change may break no rule that the
    /// plan keeps without it.
    /// </summary>
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
            var result = Applied(changed, mistakes);
            var broken = (result.Plan?.BrokenRules ?? []).Except(Applied(root, new MistakeList()).Plan?.BrokenRules ?? []).ToHashSet();
            return broken.Count == 0 ? result : new PlanResult(null, [.. mistakes.InOrder().Where(mistake => broken.Contains(Rule(mistake)))]);
        }

        mistakes.Add(root.At, $"runbooks.{runbook}", $"{runbook} has no step '{step}' of its own; expected one whose fields can be changed.");
        return new PlanResult(null, mistakes.InOrder());
    }

    private static BrokenRule Rule(PlanMistake mistake) => new(mistake.Path, mistake.Message);

    private static PlanResult Applied(YamlNode? root, MistakeList mistakes) =>
        (root is null ? null : WorkloadSection.Read(new Field(root, string.Empty, mistakes))) is { } plan && mistakes.HasRulesOnly
            ? new PlanResult(plan with { BrokenRules = [.. mistakes.InOrder().Select(Rule)] }, [])
            : new PlanResult(null, mistakes.InOrder());

    private static PlanResult Read(YamlNode? root, MistakeList mistakes)
    {
        var plan = root is null ? null : WorkloadSection.Read(new Field(root, string.Empty, mistakes));
        return mistakes.IsEmpty && plan is not null
            ? new PlanResult(plan, [])
            : new PlanResult(null, mistakes.InOrder());
    }
}
