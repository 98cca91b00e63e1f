using System.Buffers.Binary;
using DrFunctions.Backup.Sources;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Folders;

/// <summary>A folder that is being walked: its names, sorted as the paths below it are, and a handle to look at them. Not thread-safe.</summary>
internal sealed class LinuxFolder : IDisposable
{
    private const int BufferLength = 64 * 1024;
    private const int NameOffset = 19;
    private const int TypeOffset = 18;
    private const int LengthOffset = 16;
    private const byte UnknownType = 0;
    private const byte FolderType = 4;

    private static readonly byte[] Temporary = PathText.BytesOf(FolderFiles.Temporary);

    private readonly List<byte[]> names = [];
    private SafeFileHandle? handle;
    private int next;

    private LinuxFolder(SafeFileHandle handle, LinuxStatus status, string path, byte[] fullPath) =>
        (this.handle, Status, Path, FullPath) = (handle, status, path, fullPath);

    /// <summary>What it was when it was opened.</summary>
    public LinuxStatus Status { get; }

    /// <summary>Its path below the root, with a '/' at its end; nothing of the root.</summary>
    public string Path { get; }

    /// <summary>Its absolute path, with a '/' at its end.</summary>
    public byte[] FullPath { get; }

    /// <summary>The file system it is in.</summary>
    public (uint Major, uint Minor) FileSystem => Status.FileSystem;

    /// <summary>Why its names cannot be listed; null when they can.</summary>
    public string? WhyNot { get; private set; }

    /// <summary>To look at names; there once one was looked at.</summary>
    public SafeFileHandle Handle => handle ?? throw new InvalidOperationException("The folder is closed.");

    /// <summary>The root, which may be a link to a folder.</summary>
    public static LinuxFolder OpenRoot(byte[] fullPath)
    {
        if (LinuxName.Of(fullPath) is not { } name)
        {
            throw LinuxCalls.Failure(PathText.Of(fullPath));
        }

        using (name)
        {
            var folder = Open(LinuxCalls.Open(name.Folder, name.Rest, LinuxCalls.OnlyFolder), "", fullPath);
            folder.names.Add([(byte)'/', 0]);
            folder.Read();
            return folder;
        }
    }

    /// <summary>A folder below another one; null when it is gone, or is none any more.</summary>
    public static LinuxFolder? Open(LinuxFolder above, byte[] name, in LinuxStatus status, string path, bool isEmpty)
    {
        byte[] fullPath = [.. above.FullPath, .. name.AsSpan()[..^1], (byte)'/'];
        try
        {
            var folder = Open(LinuxCalls.Open(above.Handle, name, LinuxCalls.OnlyFolder | LinuxCalls.DoNotFollow), path, fullPath);
            if (!isEmpty)
            {
                folder.Read();
            }

            return folder;
        }
        catch (IOException error) when (error.HResult is LinuxCalls.NoEntry or LinuxCalls.NotAFolder or LinuxCalls.TooManyLinks)
        {
            return null;
        }
        catch (IOException error) when (FolderFailure.IsOfOneEntry(error))
        {
            return new LinuxFolder(new SafeFileHandle(-1, ownsHandle: true), status, path, fullPath) { WhyNot = $"its names cannot be listed: {error.Message}" };
        }
    }

    /// <summary>The next name, with a NUL at its end; an empty one is the root's own. Null at the end.</summary>
    public byte[]? Next()
    {
        if (next == names.Count)
        {
            return null;
        }

        var name = names[next];
        names[next++] = []; // Nobody asks again, and a folder may have millions.
        return name is [.. var folder, (byte)'/', 0] ? [.. folder, 0] : name;
    }

    /// <summary>What is under a name; null when it is gone, or the folder. Opens the folder when it was closed.</summary>
    /// <exception cref="IOException">The file system fails.</exception>
    public LinuxStatus? Look(byte[] name)
    {
        handle ??= Reopen();
        return handle is null ? null
            : LinuxCalls.TryLook(handle, name, out var status) ? status
            : LinuxName.IsGone ? null
            : throw LinuxCalls.Failure(Path + PathText.Of(name.AsSpan()[..^1]));
    }

    /// <summary>Gives the handle back until it is asked for again.</summary>
    public void Close()
    {
        handle?.Dispose();
        handle = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private static LinuxFolder Open(SafeFileHandle handle, string path, byte[] fullPath)
    {
        if (handle.IsInvalid || !LinuxCalls.TryLook(handle, [0], out var status))
        {
            var error = LinuxCalls.Failure(PathText.Of(fullPath));
            handle.Dispose();
            throw error;
        }

        return new LinuxFolder(handle, status, path, fullPath);
    }

    // Null when another one has its name now, or none.
    private SafeFileHandle? Reopen()
    {
        using var name = LinuxName.Of(FullPath);
        var again = name is { } found ? LinuxCalls.Open(found.Folder, found.Rest, LinuxCalls.OnlyFolder) : null;
        if (again is { IsInvalid: false } && LinuxCalls.TryLook(again, [0], out var status) && status.IsSame(Status))
        {
            return again;
        }

        again?.Dispose();
        return null;
    }

    private void Read()
    {
        var buffer = new byte[BufferLength];
        for (int read; (read = (int)LinuxCalls.GetNames(Handle, buffer, BufferLength)) != 0;)
        {
            if (read < 0)
            {
                throw LinuxCalls.Failure(PathText.Of(FullPath));
            }

            for (var rest = buffer.AsSpan(0, read); !rest.IsEmpty; rest = rest[BinaryPrimitives.ReadUInt16LittleEndian(rest[LengthOffset..])..])
            {
                var name = rest[NameOffset..];
                Add(name[..name.IndexOf((byte)0)], rest[TypeOffset]);
            }
        }

        // Who may see the names may not look at them where the right to search is missing.
        if (!LinuxCalls.TryLook(Handle, [(byte)'.', 0], out _))
        {
            throw LinuxCalls.Failure(PathText.Of(FullPath));
        }

        names.Sort(static (one, other) => one.AsSpan().SequenceCompareTo(other));
    }

    private void Add(ReadOnlySpan<byte> name, byte type)
    {
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || name.SequenceEqual(Temporary))
        {
            return;
        }

        byte[] terminated = [.. name, 0];
        var isFolder = type == UnknownType ? Look(terminated)?.Kind == EntryKind.Folder : type == FolderType;
        names.Add(isFolder ? [.. name, (byte)'/', 0] : terminated);
    }
}
