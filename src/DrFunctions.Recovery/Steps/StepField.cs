using System.Diagnostics.CodeAnalysis;

namespace DrFunctions.Recovery.Steps;

/// <summary>A field of a step: plans are read by it, and their schema and the documentation are made from it.</summary>
public sealed record StepField
{
    private StepField(string name, StepFieldType type, string summary)
    {
        Name = name;
        Type = type;
        Summary = summary;
    }

    /// <summary>The key in the plan.</summary>
    public string Name { get; }

    /// <summary>What its value is.</summary>
    public StepFieldType Type { get; }

    /// <summary>What it says, in one sentence.</summary>
    public string Summary { get; }

    /// <summary>False when it may be left out.</summary>
    public bool IsRequired { get; private init; } = true;

    /// <summary>True when only a person's retry of the step may give it: in a plan it would hold for every run.</summary>
    public bool IsForRetry { get; private init; }

    /// <summary>What holds when it is left out, as a plan would write it; null when nothing does.</summary>
    public string? Default { get; private init; }

    /// <summary>The shortest duration, inclusive.</summary>
    public TimeSpan LeastDuration { get; private init; }

    /// <summary>The longest duration, inclusive.</summary>
    public TimeSpan MostDuration { get; private init; }

    /// <summary>The least integer or number of items, inclusive.</summary>
    public int Least { get; private init; }

    /// <summary>The greatest integer or number of items, or the longest text or JSON in characters, inclusive.</summary>
    public int Most { get; private init; }

    /// <summary>The words of a choice.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>The type of a resource, such as <c>Microsoft.Web/sites</c>; null for any.</summary>
    public string? ResourceType { get; private init; }

    /// <summary>The shape of a text, a regular expression both of .NET and of ECMAScript, with its anchors; null for any.</summary>
    [StringSyntax(StringSyntaxAttribute.Regex)]
    public string? Shape { get; private init; }

    /// <summary>The shape of a text in words, to end "expected …" with.</summary>
    public string? Expected { get; private init; }

    /// <summary>What the items of a list, or the values of a table, are.</summary>
    public StepField? Item { get; private init; }

    /// <summary>The fields of a map.</summary>
    public IReadOnlyList<StepField> Fields { get; private init; } = [];

    /// <summary>The role of a region: a <see cref="Workloads.RegionRole"/>.</summary>
    public static StepField Role(string name, string summary) => new(name, StepFieldType.Role, summary);

    /// <summary>The name of a store of the plan that has containers, not a database: a string.</summary>
    public static StepField Store(string name, string summary) => new(name, StepFieldType.Store, summary);

    /// <summary>The name of an app setting, never its value: a string.</summary>
    public static StepField Setting(string name, string summary) => new(name, StepFieldType.Setting, summary);

    /// <summary>The id of a resource: a <see cref="Workloads.ResourceId"/>.</summary>
    public static StepField Resource(string name, string summary, string? type = null) =>
        new(name, StepFieldType.Resource, summary) { ResourceType = type };

    /// <summary>A size of time between two bounds, both inclusive: a <see cref="TimeSpan"/>.</summary>
    public static StepField Duration(string name, string summary, TimeSpan least, TimeSpan most) =>
        new(name, StepFieldType.Duration, summary) { LeastDuration = least, MostDuration = most };

    /// <summary>An absolute http or https URL without user, password, query and fragment: a <see cref="Uri"/>.</summary>
    public static StepField Url(string name, string summary) => new(name, StepFieldType.Url, summary);

    /// <summary>A place that accepts TCP connections, <c>tcp://host:port</c>: a <see cref="Uri"/>.</summary>
    public static StepField Tcp(string name, string summary) => new(name, StepFieldType.Tcp, summary);

    /// <summary>Text that is not empty: a string.</summary>
    public static StepField Text(
        string name,
        string summary,
        int most = 1000,
        [StringSyntax(StringSyntaxAttribute.Regex)] string? shape = null,
        string expected = "text") => new(name, StepFieldType.Text, summary) { Most = most, Shape = shape, Expected = expected };

    /// <summary>Text, a number, true or false, a list or a map: a <see cref="System.Text.Json.JsonElement"/>.</summary>
    public static StepField Json(string name, string summary, int most = 1000) => new(name, StepFieldType.Json, summary) { Most = most };

    /// <summary>A whole number between two bounds, both inclusive: an <see cref="int"/>.</summary>
    public static StepField Number(string name, string summary, int least, int most) =>
        new(name, StepFieldType.Number, summary) { Least = least, Most = most };

    /// <summary>true or false: a <see cref="bool"/>.</summary>
    public static StepField Boolean(string name, string summary) => new(name, StepFieldType.Boolean, summary);

    /// <summary>One of some words: a string.</summary>
    public static StepField Choice(string name, string summary, params IReadOnlyList<string> choices) =>
        new(name, StepFieldType.Choice, summary) { Choices = choices };

    /// <summary>A list of at least one item: an <see cref="IReadOnlyList{T}"/> of object, each as <paramref name="item"/> says.</summary>
    public static StepField List(string name, string summary, StepField item, int most = 100) =>
        new(name, StepFieldType.List, summary) { Item = item, Least = 1, Most = most };

    /// <summary>A map with fields of its own: a <see cref="StepFieldValues"/>.</summary>
    public static StepField Map(string name, string summary, params IReadOnlyList<StepField> fields) =>
        new(name, StepFieldType.Map, summary) { Fields = fields };

    /// <summary>
    /// A map whose keys the plan chooses: an <see cref="IReadOnlyDictionary{TKey, TValue}"/> of string and object, the values as
    /// <paramref name="item"/> says.
    /// </summary>
    public static StepField Table(string name, string summary, StepField item, int most = 100) =>
        new(name, StepFieldType.Table, summary) { Item = item, Most = most };

    /// <summary>The field, but one that no plan has: only a person's retry of the step may give it.</summary>
    public StepField ForRetry() => this with { IsRequired = false, IsForRetry = true };

    /// <summary>The field, but one that may be left out.</summary>
    /// <param name="standard">What holds then, as a plan would write it; null when nothing does.</param>
    public StepField Optional(string? standard = null) => this with { IsRequired = false, Default = standard };
}

/// <summary>What a field's value is.</summary>
public enum StepFieldType
{
    /// <summary>See <see cref="StepField.Role"/>.</summary>
    Role,

    /// <summary>See <see cref="StepField.Store"/>.</summary>
    Store,

    /// <summary>See <see cref="StepField.Setting"/>.</summary>
    Setting,

    /// <summary>See <see cref="StepField.Resource"/>.</summary>
    Resource,

    /// <summary>See <see cref="StepField.Duration"/>.</summary>
    Duration,

    /// <summary>See <see cref="StepField.Url"/>.</summary>
    Url,

    /// <summary>See <see cref="StepField.Tcp"/>.</summary>
    Tcp,

    /// <summary>See <see cref="StepField.Text"/>.</summary>
    Text,

    /// <summary>See <see cref="StepField.Json"/>.</summary>
    Json,

    /// <summary>See <see cref="StepField.Number"/>.</summary>
    Number,

    /// <summary>See <see cref="StepField.Boolean"/>.</summary>
    Boolean,

    /// <summary>See <see cref="StepField.Choice"/>.</summary>
    Choice,

    /// <summary>See <see cref="StepField.List"/>.</summary>
    List,

    /// <summary>See <see cref="StepField.Map"/>.</summary>
    Map,

    /// <summary>See <see cref="StepField.Table"/>.</summary>
    Table,
}
