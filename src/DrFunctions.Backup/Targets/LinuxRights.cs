using System.Runtime.InteropServices;
using System.Text;
using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Sources;
using Microsoft.Win32.SafeHandles;

namespace DrFunctions.Backup.Targets;

/// <summary>
/// Gives files, folders and links the owner, rights, attributes and time they had. Owners go by their names where this machine has them, else by their numbers. What may not be
/// done is noted. Set-user-id and set-group-id come back only with the owner they were meant for.
/// </summary>
/// <param name="notes">Takes what could not be done.</param>
internal sealed class LinuxRights(RestoreNotes notes)
{
    private const int SetIds = 0xC00;

    /// <summary>Of an open file or folder.</summary>
    public void Apply(SafeFileHandle file, SourceEntry entry)
    {
        if (entry.Unix is { } unix)
        {
            var isOwned = TryOwn(entry, unix, (user, group) => LinuxMaking.ChangeOwner(file, user, group));
            Check(LinuxMaking.ChangeMode(file, ModeOf(entry, unix, isOwned)), "the rights", entry);
            foreach (var attribute in unix.ExtendedAttributes)
            {
                var value = attribute.Value.ToArray();
                Check(LinuxMaking.SetAttribute(file, Terminated(attribute.Name), value, (nuint)value.Length, 0), $"the attribute {attribute.Name}", entry);
            }
        }

        Check(LinuxMaking.SetTimes(file, Times(entry)), "the time", entry);
    }

    /// <summary>Of a link, pipe or device, which are not opened, in a folder that nobody else writes to.</summary>
    public void Apply(SafeFileHandle folder, byte[] name, SourceEntry entry)
    {
        if (entry.Unix is { } unix)
        {
            var isOwned = TryOwn(entry, unix, (user, group) => LinuxMaking.ChangeOwnerOf(folder, name, user, group, LinuxMaking.LinkItself));
            if (entry.Kind != EntryKind.SymbolicLink)
            {
                Check(LinuxMaking.ChangeModeOf(folder, name, ModeOf(entry, unix, isOwned), 0), "the rights", entry);
            }

            byte[] path = [.. Encoding.ASCII.GetBytes($"/proc/self/fd/{folder.DangerousGetHandle()}/"), .. name];
            foreach (var attribute in unix.ExtendedAttributes)
            {
                var value = attribute.Value.ToArray();
                Check(LinuxMaking.SetAttributeOf(path, Terminated(attribute.Name), value, (nuint)value.Length, 0), $"the attribute {attribute.Name}", entry);
            }
        }

        Check(LinuxMaking.SetTimesOf(folder, name, Times(entry), LinuxMaking.LinkItself), "the time", entry);
    }

    private static byte[] Terminated(string name) => [.. PathText.BytesOf(name), 0];

    // The time of last access is not kept: it becomes that of the last write.
    private static long[] Times(SourceEntry entry)
    {
        var ticks = entry.LastModified.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + TimeSpan.TicksPerSecond);
        }

        var nanoseconds = (rest * TimeSpan.NanosecondsPerTick) + (entry.Unix?.Nanoseconds ?? 0);
        return [seconds, nanoseconds, seconds, nanoseconds];
    }

    private bool TryOwn(SourceEntry entry, UnixAttributes unix, Func<uint, uint, int> change)
    {
        var user = unix.UserName is { } userName ? LinuxAccounts.UserNamed(userName) ?? unix.UserId : unix.UserId;
        var group = unix.GroupName is { } groupName ? LinuxAccounts.GroupNamed(groupName) ?? unix.GroupId : unix.GroupId;
        if (change(user, group) == 0)
        {
            return true;
        }

        notes.Add("the owner", entry.Path, Marshal.GetLastPInvokeErrorMessage());
        _ = change(LinuxMaking.Unchanged, group); // A group of one's own may be given away.
        return false;
    }

    private int ModeOf(SourceEntry entry, UnixAttributes unix, bool isOwned)
    {
        if (isOwned || (unix.Mode & SetIds) == 0 || entry.Kind == EntryKind.Folder)
        {
            return unix.Mode;
        }

        notes.Add("set-user-id or set-group-id", entry.Path, "its owner is another one");
        return unix.Mode & ~SetIds;
    }

    private void Check(int result, string what, SourceEntry entry)
    {
        if (result != 0)
        {
            notes.Add(what, entry.Path, Marshal.GetLastPInvokeErrorMessage());
        }
    }
}
