namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>How much of an instance is read.</summary>
internal enum InstanceParts
{
    /// <summary>Its own document: large values and sealed history stay where they are.</summary>
    State,

    /// <summary>Its document, and every value in it but the history's.</summary>
    Values,

    /// <summary>Its document, and the whole history without large values.</summary>
    History,

    /// <summary>All there is.</summary>
    Everything,
}
