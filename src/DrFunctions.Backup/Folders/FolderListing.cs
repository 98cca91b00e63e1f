namespace DrFunctions.Backup.Folders;

/// <summary>How folders are walked.</summary>
internal static class FolderListing
{
    /// <summary>Every file below, hidden ones included; links are listed and never followed; a folder that cannot be read is an error.</summary>
    public static EnumerationOptions Everything { get; } = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        ReturnSpecialDirectories = false,
    };

    /// <summary>The same of what is directly in a folder.</summary>
    public static EnumerationOptions Direct { get; } = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        ReturnSpecialDirectories = false,
    };
}
