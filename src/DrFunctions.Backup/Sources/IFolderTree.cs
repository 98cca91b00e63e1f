using DrFunctions.Backup.Folders;

namespace DrFunctions.Backup.Sources;

/// <summary>A folder and all below it, as one kind of machine shows it. What it throws is the file system's. Thread-safe, but for one listing.</summary>
internal interface IFolderTree
{
    /// <summary>All entries, in the order of their paths' bytes.</summary>
    /// <exception cref="IOException">The file system fails, or refuses the root.</exception>
    IEnumerable<SourceEntry> List();

    /// <summary>The entry of a path that is safe; null when it is gone, or of another kind.</summary>
    SourceEntry? Find(string path);

    /// <summary>The content of exactly the version that was listed; null when it is gone, or changed.</summary>
    /// <param name="entry">What was listed.</param>
    /// <param name="throwChanged">Throws that it changed; called at the content's end, too.</param>
    /// <param name="fail">Says in the engine's words what the file system throws.</param>
    FolderContent? Open(SourceEntry entry, Action throwChanged, Func<Exception, Exception> fail);
}
