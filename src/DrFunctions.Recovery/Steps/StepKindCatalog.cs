using System.Collections.Frozen;
using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Steps;

/// <summary>All kinds of step, found in this assembly.</summary>
public static class StepKindCatalog
{
    private static readonly FrozenDictionary<Type, StepKind> ByStep;
    private static readonly FrozenDictionary<string, StepKind> ByName;

    static StepKindCatalog()
    {
        var types = typeof(StepKind).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(StepKind)));
        All = [.. types.Select(type => (StepKind)Activator.CreateInstance(type)!).OrderBy(kind => kind.Name, StringComparer.Ordinal)]; // A class has an instance.
        ByStep = All.ToFrozenDictionary(kind => kind.StepType);
        ByName = All.ToFrozenDictionary(kind => kind.Name, StringComparer.Ordinal);
    }

    /// <summary>In the ordinal order of their names.</summary>
    public static IReadOnlyList<StepKind> All { get; }

    /// <summary>The kind of that name; null when there is none.</summary>
    public static StepKind? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The kind of a step.</summary>
    /// <exception cref="ArgumentException">No kind makes such steps.</exception>
    public static StepKind Of(RunbookStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return ByStep.GetValueOrDefault(step.GetType()) ?? throw new ArgumentException($"'{step.GetType().Name}' is of no step kind.", nameof(step));
    }
}
