using System.Globalization;
using System.Text;
using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Sources;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Targets;

/// <summary>
/// Writes below a folder of Linux: names of any bytes, with all that is kept of them. Everything is made beside, in a folder that only this user sees, and gets its owner and
/// rights there before it is shown. Thread-safe.
/// </summary>
/// <param name="root">The folder.</param>
internal sealed class LinuxTarget(string root)
{
    private const int MostAttempts = 100;
    private const int FolderFlag = 0x200;
    private const int ForMe = 0x180;
    private const int PipeType = 0x1000;
    private const int CharacterType = 0x2000;
    private const int BlockType = 0x6000;

    private readonly LinuxPlaces places = new(root);
    private readonly string prefix = Path.GetRandomFileName();
    private readonly RestoreNotes notes = new();
    private long number;

    /// <summary>The folder.</summary>
    public string Root => root;

    /// <summary>Gives owners, rights and times.</summary>
    public LinuxRights Rights => new(notes);

    /// <summary>What could not be restored as it was.</summary>
    public RestoreNotes Notes => notes;

    /// <summary>A name for a temporary file that nobody else has, and a NUL.</summary>
    public byte[] NewName() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref number):x}\0"));

    /// <summary>Makes something in the folder of temporary files.</summary>
    /// <param name="make">Makes it; false: the last error tells why not.</param>
    /// <param name="path">What it is for.</param>
    public void MakeTemporary(Func<SafeFileHandle, bool> make, string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            using (var folder = places.Rent(LinuxPlaces.Temporary))
            {
                if (make(folder.Handle))
                {
                    return;
                }
            }

            // Another process's last one just took the folder along.
            if (!LinuxName.IsMissing || attempt == MostAttempts)
            {
                throw LinuxCalls.Failure(path);
            }

            places.Forget(LinuxPlaces.Temporary);
        }
    }

    /// <summary>Shows what was made in the folder of temporary files under its name, in place of what is there.</summary>
    public void Show(byte[] temporary, string path)
    {
        using var from = places.Rent(LinuxPlaces.Temporary);
        using var to = places.Rent(LinuxPlaces.ParentOf(path));
        if (LinuxMaking.Rename(from.Handle, temporary, to.Handle, LinuxPlaces.NameOf(path)) != 0)
        {
            throw LinuxCalls.Failure(path);
        }
    }

    /// <summary>Removes what was not shown.</summary>
    public void RemoveTemporary(byte[] temporary)
    {
        using var folder = places.Rent(LinuxPlaces.Temporary);
        _ = LinuxMaking.Remove(folder.Handle, temporary, 0); // What stays is removed when it is old.
    }

    /// <summary>Makes a folder, a link, a pipe or a device.</summary>
    public void Make(SourceEntry entry)
    {
        if (entry.Kind == EntryKind.Folder)
        {
            using var folder = places.Rent(entry.Path == "/" ? "" : entry.Path);
            return;
        }

        var name = NewName();
        try
        {
            MakeTemporary(folder => MakeIn(folder, name, entry), entry.Path);
        }
        catch (IOException error) when (error.HResult == LinuxCalls.NotPermitted && entry.Kind is EntryKind.CharacterDevice or EntryKind.BlockDevice)
        {
            notes.Add("the device", entry.Path, error.Message);
            return;
        }

        try
        {
            using (var folder = places.Rent(LinuxPlaces.Temporary))
            {
                Rights.Apply(folder.Handle, name, entry);
            }

            Show(name, entry.Path);
        }
        catch
        {
            RemoveTemporary(name);
            throw;
        }
    }

    /// <summary>Makes another name of a file.</summary>
    public void Link(string path, string existing)
    {
        var name = NewName();
        using (var from = places.Rent(LinuxPlaces.ParentOf(existing)))
        {
            MakeTemporary(folder => LinuxMaking.NameAgain(from.Handle, LinuxPlaces.NameOf(existing), folder, name, 0) == 0, path);
        }

        try
        {
            Show(name, path);
        }
        finally
        {
            RemoveTemporary(name); // A name that was the same file already leaves this one there, too.
        }
    }

    /// <summary>Gives a folder, or a file that is right, what it had.</summary>
    public void Finish(SourceEntry entry)
    {
        if (entry.Kind == EntryKind.Folder)
        {
            using var folder = places.Rent(entry.Path == "/" ? "" : entry.Path);
            Rights.Apply(folder.Handle, entry);
            return;
        }

        using var above = places.Rent(LinuxPlaces.ParentOf(entry.Path));
        using var file = LinuxCalls.Open(above.Handle, LinuxPlaces.NameOf(entry.Path), LinuxCalls.DoNotFollow | LinuxCalls.DoNotWait);
        if (file.IsInvalid)
        {
            throw LinuxCalls.Failure(entry.Path);
        }

        Rights.Apply(file, entry);
    }

    /// <summary>A file's content, holes as zeros; null when there is no file, or one with other names that would change with it.</summary>
    public Stream? OpenRead(string path)
    {
        var tree = new LinuxTree(root, oneFileSystem: false);
        return tree.Find(path) is { Kind: EntryKind.File, Unix.HardLink: null } entry
            ? tree.Open(entry with { Holes = [] }, static () => { }, error => FolderFailure.Of(error, $"read '{path}'", root))
            : null;
    }

    /// <summary>Removes a name.</summary>
    public void Delete(string path)
    {
        if (new LinuxTree(root, oneFileSystem: false).Find(path) is null)
        {
            return;
        }

        using var folder = places.Rent(LinuxPlaces.ParentOf(path));
        if (LinuxMaking.Remove(folder.Handle, LinuxPlaces.NameOf(path), path.EndsWith('/') ? FolderFlag : 0) != 0 && !LinuxName.IsGone)
        {
            throw LinuxCalls.Failure(path);
        }
    }

    /// <summary>Closes the folders that are kept open, until they are needed again.</summary>
    public void Close() => places.Close();

    private static bool MakeIn(SafeFileHandle folder, byte[] name, SourceEntry entry) => entry.Kind switch
    {
        EntryKind.SymbolicLink => LinuxMaking.MakeLink([.. PathText.BytesOf(entry.LinkTarget), 0], folder, name) == 0,
        EntryKind.CharacterDevice => LinuxMaking.MakeNode(folder, name, CharacterType | ForMe, LinuxMaking.Number(entry.Unix?.Device ?? default)) == 0,
        EntryKind.BlockDevice => LinuxMaking.MakeNode(folder, name, BlockType | ForMe, LinuxMaking.Number(entry.Unix?.Device ?? default)) == 0,
        _ => LinuxMaking.MakeNode(folder, name, PipeType | ForMe, 0) == 0,
    };
}
