using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps;

/// <summary>The values of a step's fields, read and checked one by one; or those of a map in it.</summary>
/// <param name="values">By field name, each of the type that its <see cref="StepField"/> says. Fields left out are not there.</param>
public sealed class StepFieldValues(IReadOnlyDictionary<string, object> values)
{
    private readonly List<(string Field, string Message)> mistakes = [];

    /// <summary>The step's name; empty in a map.</summary>
    public string Name { get; init; } = "";

    /// <summary>The step's timeout; zero in a map.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>What was reported, in order.</summary>
    public IReadOnlyList<(string Field, string Message)> Mistakes => mistakes;

    /// <summary>Whether the field was written.</summary>
    public bool Has(string field) => values.ContainsKey(field);

    /// <summary>The value of a required field.</summary>
    public T Get<T>(string field) => (T)values[field];

    /// <summary>The value of an optional field; the default of the type when it was left out.</summary>
    public T? Find<T>(string field) => values.TryGetValue(field, out var value) ? (T)value : default;

    /// <summary>The value of an optional field, or what holds without it.</summary>
    public T Get<T>(string field, T standard) => values.TryGetValue(field, out var value) ? (T)value : standard;

    /// <summary>The value of a required role.</summary>
    public RegionRole Role(string field) => Get<RegionRole>(field);

    /// <summary>The values of a required list.</summary>
    public IReadOnlyList<T> List<T>(string field) => [.. Get<IReadOnlyList<object>>(field).Cast<T>()];

    /// <summary>
    /// Reports what only several values together show. The message says the value and what was expected, and does not begin with the
    /// field's name.
    /// </summary>
    /// <param name="field">A field that was written; empty for the step as a whole.</param>
    /// <param name="message">A sentence.</param>
    public void Report(string field, string message) => mistakes.Add((field, message));
}
