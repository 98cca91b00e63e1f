using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Targets;

/// <summary>A target that has more than files. Thread-safe.</summary>
public interface ITreeTarget : IRestoreTarget
{
    /// <summary>What could not be restored as it was, though its content could, each told once with an example; empty when nothing.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>
    /// Makes a folder, when it is not there, or anything else that has no content, in place of what is there. A folder gets its attributes by <see cref="FinishAsync"/>.
    /// </summary>
    Task MakeAsync(SourceEntry entry, CancellationToken cancellationToken);

    /// <summary>Makes an entry another name of a file that was restored.</summary>
    Task LinkAsync(SourceEntry entry, string existing, CancellationToken cancellationToken);

    /// <summary>Gives a folder, or a file whose content was right, its owner, rights, attributes and time.</summary>
    Task FinishAsync(SourceEntry entry, CancellationToken cancellationToken);
}
