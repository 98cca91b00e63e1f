namespace Microsoft.DurableTask;

/// <summary>The name of an orchestrator or an activity; compared without case.</summary>
public readonly struct TaskName : IEquatable<TaskName>
{
    private readonly string? _name;

    /// <summary>Names a task; null is the empty name.</summary>
    public TaskName(string name) => _name = name;

    /// <summary>The name; never null.</summary>
    public string Name => _name ?? string.Empty;

    /// <summary>Reads the name.</summary>
    public static implicit operator string(TaskName value) => value.Name;

    /// <summary>Names a task.</summary>
    public static implicit operator TaskName(string value) => string.IsNullOrEmpty(value) ? default : new TaskName(value);

    /// <summary>Compares without case.</summary>
    public static bool operator ==(TaskName a, TaskName b) => a.Equals(b);

    /// <summary>Compares without case.</summary>
    public static bool operator !=(TaskName a, TaskName b) => !a.Equals(b);

    /// <summary>Compares without case.</summary>
    public bool Equals(TaskName other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Compares without case.</summary>
    public override bool Equals(object? obj) => obj is TaskName other && Equals(other);

    /// <summary>A hash without case.</summary>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
