namespace DrFunctions.Backup.Sources;

/// <summary>What an entry of a source is. Only files have content.</summary>
public enum EntryKind
{
    /// <summary>A file or a blob.</summary>
    File,

    /// <summary>A folder; its path ends with '/', and the root's is '/'.</summary>
    Folder,

    /// <summary>A symbolic link, which is never followed.</summary>
    SymbolicLink,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>A device that is read by characters.</summary>
    CharacterDevice,

    /// <summary>A device that is read by blocks.</summary>
    BlockDevice,

    /// <summary>A socket, which only the process that listens on it can make: it is recorded, and never restored.</summary>
    Socket,
}
