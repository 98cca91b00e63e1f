using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Plans.Sections;

/// <summary>One item of a runbook's list as it was written: a step, steps side by side, or another runbook in its place.</summary>
internal abstract record RunbookItem
{
    public const string ParallelKey = "parallel";

    private RunbookItem()
    {
    }

    /// <summary>The keys that begin an item.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. StepKindCatalog.All.Select(kind => kind.Name), ParallelKey, PlanKeys.Child.Name];

    public static RunbookItem Read(Field item, StoresSection stores, IReadOnlyCollection<string> runbooks) => StepSection.OnlyKey(item, Keys) switch
    {
        (ParallelKey, var list) => new Parallel([.. (list.List() ?? []).Select(step => StepSection.Read(step, stores))], list),
        ({ } key, var child) when key == PlanKeys.Child.Name => Child.Read(child, runbooks),
        ({ } key, var step) => new Alone(StepSection.ReadKind(key, step, stores)),
        _ => new Alone(new StepSection(item, null, null)),
    };

    /// <summary>A step.</summary>
    public sealed record Alone(StepSection Step) : RunbookItem;

    /// <summary>Steps that begin together; the next item begins when all of them have ended.</summary>
    public sealed record Parallel(IReadOnlyList<StepSection> Steps, Field Field) : RunbookItem;

    /// <summary>Another runbook, whose steps stand in its place; null names could not be read.</summary>
    public sealed record Child(Field Field, string? Runbook, string? Prefix) : RunbookItem
    {
        public static Child Read(Field field, IReadOnlyCollection<string> runbooks)
        {
            var fields = field.Map(PlanKeys.Child);
            var name = UniqueNames.Refer(fields?["name"], "runbook", runbooks);
            var prefix = fields?["prefix"] is { } written ? Names.Step(written) : name;
            return new Child(field, name, prefix);
        }
    }
}
