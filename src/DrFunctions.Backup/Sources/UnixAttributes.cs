namespace DrFunctions.Backup.Sources;

/// <summary>What a Unix file system keeps of an entry beside its content.</summary>
public sealed record UnixAttributes
{
    /// <summary>Who may do what: 0 to octal 7777, with set-user-id, set-group-id and sticky bit.</summary>
    public required int Mode { get; init; }

    /// <summary>The owner's number.</summary>
    public uint UserId { get; init; }

    /// <summary>The group's number.</summary>
    public uint GroupId { get; init; }

    /// <summary>The owner's name; null of 0, who is root everywhere, and when the machine has none for the number.</summary>
    public string? UserName { get; init; }

    /// <summary>The group's name; null of 0, and when the machine has none for the number.</summary>
    public string? GroupName { get; init; }

    /// <summary>What <see cref="SourceEntry.LastModified"/>, which counts in 100 ns, does not hold of the time: 0 to 99 ns.</summary>
    public int Nanoseconds { get; init; }

    /// <summary>The same for all names of one file; null when it has one name only.</summary>
    public string? HardLink { get; init; }

    /// <summary>Which device it stands for; null when it is none.</summary>
    public DeviceNumber? Device { get; init; }

    /// <summary>Extended attributes, sorted by their names' bytes; access control lists are among them.</summary>
    public IReadOnlyList<AttributeValue> ExtendedAttributes { get; init; } = [];
}

/// <summary>Which device a device file stands for.</summary>
/// <param name="Major">Its driver.</param>
/// <param name="Minor">Which of the driver's.</param>
public readonly record struct DeviceNumber(uint Major, uint Minor);

/// <summary>An extended attribute.</summary>
/// <param name="Name">Its full name, such as <c>user.note</c>; bytes that are no UTF-8 as in <see cref="SourceEntry.Path"/>.</param>
/// <param name="Value">Its value.</param>
public sealed record AttributeValue(string Name, ReadOnlyMemory<byte> Value);
