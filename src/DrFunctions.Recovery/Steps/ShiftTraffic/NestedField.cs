using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ShiftTraffic;

/// <summary>The field of a step that says which profile it writes.</summary>
internal static class NestedField
{
    public const string Name = "nested";

    public static StepField Field { get; } = StepField.Text(
        Name,
        "The profile of traffic.nested that is written, instead of traffic.profile.",
        shape: @"^[a-z][a-z0-9-]{0,39}$",
        expected: "1 to 40 of a-z, 0-9 and '-', beginning with a letter").Optional();

    /// <summary>What is wrong with the name under a plan.</summary>
    public static IEnumerable<string> Mistakes(string? nested, WorkloadPlan plan) =>
        nested is null || plan.Traffic.Nested.Any(one => one.Name == nested) ? []
        : plan.Traffic.Nested.Count == 0 ? [$"writes the nested profile '{nested}', and the plan has none; expected traffic.nested with an item of that name."]
        : [$"writes the nested profile '{nested}', which the plan does not have; expected one of {string.Join(", ", plan.Traffic.Nested.Select(one => one.Name))}."];
}
