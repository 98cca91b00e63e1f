using System.Text;
using DrFunctions.Backup.Folders;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Sources;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Files;
using static DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Restores;

/// <summary>Whole trees, from a folder to a folder, and what must never come of a manifest.</summary>
public sealed class TreeRestoreTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MemoryRepository objects = new();

    private string From => folder.Combine("from");

    private string To => folder.Combine("to");

    public async Task InitializeAsync()
    {
        (await Opened.CreateAsync(objects)).Dispose();
        Directory.CreateDirectory(From);
    }

    public void Dispose() => folder.Dispose();

    // .NET cannot remove such names.
    public async Task DisposeAsync()
    {
        using var remove = System.Diagnostics.Process.Start("sh", ["-c", "chmod -R u+rwx \"$0\"; rm -rf \"$0\"", folder.Path]);
        await remove.WaitForExitAsync();
    }

    /// <summary>Names of any bytes, all kinds, owners, rights, times, attributes, holes, hard links: bit for bit, by way of a folder and of memory.</summary>
    [LinuxFact]
    public async Task AnyTree_ComesBackBitForBit()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var from = Directory.CreateDirectory(folder.Combine("from", $"{seed}")).FullName;
            RandomTree.Make(from, seed);
            var expected = await RandomTree.DescribeAsync(new FolderSource(from));
            await BackupAsync(objects, new FolderSource(from), $"tree-{seed}");

            var to = folder.Combine("to", $"{seed}");
            var result = await RestoreAsync(objects, new FolderTarget(to), $"tree-{seed}");
            var memory = new MemoryFiles();
            await RestoreAsync(objects, memory, $"tree-{seed}");

            Assert.Empty(result.Notes);
            Assert.Equal(expected, await RandomTree.DescribeAsync(new FolderSource(to)));
            Assert.Equal(expected, await RandomTree.DescribeAsync(memory));
            Assert.Equal(result.Snapshot.Files, result.FilesWritten);
        }
    }

    /// <summary>A second restore finds it right, and puts right what is not.</summary>
    [LinuxFact]
    public async Task AnyTree_RestoredOverItself_IsTheSame()
    {
        for (var seed = 100; seed < 120; seed++)
        {
            var from = Directory.CreateDirectory(folder.Combine("from", $"{seed}")).FullName;
            RandomTree.Make(from, seed);
            var expected = await RandomTree.DescribeAsync(new FolderSource(from));
            await BackupAsync(objects, new FolderSource(from), $"tree-{seed}");
            var to = folder.Combine("to", $"{seed}");
            await RestoreAsync(objects, new FolderTarget(to), $"tree-{seed}");
            var random = new Random(seed);
            foreach (var entry in await new FolderSource(to).ListAsync(default).Where(entry => entry.Kind == EntryKind.File).ToListAsync())
            {
                _ = LinuxMaking.ChangeModeOf(LinuxCalls.NoFolder, [.. PathText.BytesOf($"{to}/{entry.Path}"), 0], random.Next(2) == 0 ? entry.Unix?.Mode ?? 0 : 0x180, 0);
            }

            await RestoreAsync(objects, new FolderTarget(to), $"tree-{seed}");

            Assert.Equal(expected, await RandomTree.DescribeAsync(new FolderSource(to)));
        }
    }

    /// <summary>An unchanged run reads nothing, adds nothing but the snapshot, and has everything.</summary>
    [LinuxFact]
    public async Task UnchangedTree_IsTheSameAgain()
    {
        RandomTree.Make(From, 7);
        var expected = await RandomTree.DescribeAsync(new FolderSource(From));
        await BackupAsync(objects, new FolderSource(From), "one");

        var second = await BackupAsync(objects, new FolderSource(From), "two", SnapshotKind.Incremental);
        await RestoreAsync(objects, new FolderTarget(To), "two");

        Assert.Equal(0, second.BytesAdded);
        Assert.Equal(expected, await RandomTree.DescribeAsync(new FolderSource(To)));
    }

    [LinuxFact]
    public async Task LongPaths_ComeBack()
    {
        var name = new string('x', 200);
        await ShellAsync($"cd from; i=29; while [ $i -ge 0 ]; do mkdir y && echo $i > y/file && {{ [ ! -d {name} ] || mv {name} y; }} && mv y {name} || exit 1; i=$((i-1)); done");
        await BackupAsync(objects, new FolderSource(From));

        await RestoreAsync(objects, new FolderTarget(To));

        Assert.Equal(await RandomTree.DescribeAsync(new FolderSource(From)), await RandomTree.DescribeAsync(new FolderSource(To)));
    }

    /// <summary>A file of gigabytes that is nothing but holes: nothing of it is read, stored or written.</summary>
    [LinuxFact]
    public async Task SparseFile_TakesNoRoomAnywhere()
    {
        await ShellAsync("truncate -s 1T from/huge && printf end | dd of=from/huge bs=1 seek=500G conv=notrunc status=none");
        var taken = await BackupAsync(objects, new FolderSource(From));

        await RestoreAsync(objects, new FolderTarget(To));

        Assert.Equal(1L << 40, taken.Bytes);
        Assert.InRange(taken.BytesAdded, 1, 100_000);
        Assert.Equal(await RandomTree.DescribeAsync(new FolderSource(From)), await RandomTree.DescribeAsync(new FolderSource(To)));
        await ShellAsync("[ $(du -k to/huge | cut -f1) -lt 200 ]");
    }

    [LinuxFact]
    public async Task SparseFile_ToWhereNoHolesAre_IsNamedAndTheOthersAreRestored()
    {
        await ShellAsync("truncate -s 10M from/sparse && echo x > from/file");
        await BackupAsync(objects, new FolderSource(From));
        var memory = new MemoryFiles();

        var error = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(objects, new PlainTarget(memory)));

        Assert.Equal(BackupErrors.StorageRefused, error.Code);
        Assert.Contains("'sparse': it has holes, 10485760 bytes of 10485760, which plain memory cannot have", error.Message, StringComparison.Ordinal);
        Assert.Equal(["file"], memory.Paths);
    }

    [LinuxFact(asRoot: true)]
    public async Task AccessControlListsAndCapabilities_ComeBack()
    {
        await ShellAsync("echo x > from/file && mkdir from/dir && chmod 640 from/file");
        byte[] acl = Convert.FromHexString("0200000001000600FFFFFFFF020004002A000000040004 00FFFFFFFF10000400FFFFFFFF20000000FFFFFFFF".Replace(" ", "", StringComparison.Ordinal));
        byte[] capability = Convert.FromHexString("0100000200200000000000000000000000000000");
        Assert.Equal(0, LinuxMaking.SetAttributeOf(Name("from/file"), [.. "system.posix_acl_access\0"u8], acl, (nuint)acl.Length, 0));
        Assert.Equal(0, LinuxMaking.SetAttributeOf(Name("from/dir"), [.. "system.posix_acl_default\0"u8], acl, (nuint)acl.Length, 0));
        Assert.Equal(0, LinuxMaking.SetAttributeOf(Name("from/file"), [.. "security.capability\0"u8], capability, (nuint)capability.Length, 0));
        await BackupAsync(objects, new FolderSource(From));

        await RestoreAsync(objects, new FolderTarget(To));

        var expected = await RandomTree.DescribeAsync(new FolderSource(From));
        Assert.Contains(expected, line => line.Contains("security.capability", StringComparison.Ordinal) && line.Contains("system.posix_acl_access", StringComparison.Ordinal));
        Assert.Contains(expected, line => line.Contains("system.posix_acl_default", StringComparison.Ordinal));
        Assert.Equal(expected, await RandomTree.DescribeAsync(new FolderSource(To)));
    }

    /// <summary>Whatever a manifest says, and whatever is in the target, nothing outside of it is written, made or changed.</summary>
    [LinuxTheory]
    [InlineData("link through an absolute link")]
    [InlineData("link through a relative link")]
    [InlineData("link below a link")]
    [InlineData("folder through a link")]
    [InlineData("rights through a link")]
    [InlineData("name twice")]
    [InlineData("hard link to outside")]
    [InlineData("link that is there")]
    [InlineData("folder that is a link already")]
    [InlineData("dots")]
    [InlineData("root is no folder")]
    public async Task HostileManifest_NeverWritesOutside(string attack)
    {
        await ShellAsync("mkdir -p outside/dir && echo mine > outside/file && chmod 600 outside/file outside");
        var before = await RandomTree.DescribeAsync(new FolderSource(folder.Combine("outside")));
        await BackupAsync(objects, new ListedSource(AttackOf(attack)));

        var restored = await Record.ExceptionAsync(() => RestoreAsync(objects, new FolderTarget(To)));

        Assert.Equal(before, await RandomTree.DescribeAsync(new FolderSource(folder.Combine("outside"))));
        Assert.Equal(attack != "name twice", restored is BackupException { Code: BackupErrors.UnsafePath or BackupErrors.StorageRefused });
        Assert.False(File.Exists(folder.Combine("escaped")));
    }

    /// <summary>Who is not root may not give files away: it is told once, and set-user-id does not come back for another owner.</summary>
    [LinuxFact(asRoot: true)]
    public async Task OwnersThatMayNotBeGiven_AreToldOnce()
    {
        await ShellAsync("for f in a b c; do echo $f > from/$f; done; chown 4242:4242 from/?; chmod 6755 from/?; mkdir to");
        await BackupAsync(objects, new FolderSource(From));
        var notes = new RestoreNotes();
        var rights = new LinuxRights(notes);

        await ShellAsync("mount -t tmpfs none to && echo x > to/file && mount -o remount,ro to");
        try
        {
            using var file = LinuxCalls.Open(LinuxCalls.NoFolder, Name("to/file"), 0);
            foreach (var entry in await new FolderSource(From).ListAsync(default).Where(entry => entry.Kind == EntryKind.File).ToListAsync())
            {
                rights.Apply(file, entry);
            }
        }
        finally
        {
            await ShellAsync("umount to");
        }

        Assert.Contains(notes.All, note => note.StartsWith("the owner of 3 could not be restored, the first: 'a' (", StringComparison.Ordinal));
        Assert.Contains(notes.All, note => note.StartsWith("set-user-id or set-group-id of 3 could not be restored", StringComparison.Ordinal));
    }

    [LinuxFact]
    public async Task DamagedFirstName_NamesAllAndRestoresOthers()
    {
        await ShellAsync("echo a > from/a && ln from/a from/b && echo c > from/c");
        await BackupAsync(objects, new FolderSource(From));
        var target = new FailingTarget(new FolderTarget(To), "a");

        var error = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(objects, target));

        Assert.Contains("'b'", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(To, "c")));
    }

    /// <summary>A disk that fills says so and leaves nothing half.</summary>
    [LinuxFact(asRoot: true)]
    public async Task DiskFull_SaysSoAndLeavesNoHalfFile()
    {
        File.WriteAllBytes(Path.Combine(From, "large"), Bytes.Of(3_000_000, seed: 1));
        await ShellAsync("echo x > from/small; mkdir to && mount -t tmpfs -o size=1m none to");
        try
        {
            await BackupAsync(objects, new FolderSource(From));

            var error = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(objects, new FolderTarget(To)));

            Assert.Equal(BackupErrors.TargetFull, error.Code);
            Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(To, "*", SearchOption.AllDirectories), path => !path.EndsWith("/small", StringComparison.Ordinal));
        }
        finally
        {
            await ShellAsync("umount to");
        }
    }

    private SourceEntry[] AttackOf(string attack)
    {
        var outside = folder.Combine("outside");
        var file = new SourceEntry { Path = "a", Length = 0, LastModified = DateTimeOffset.UnixEpoch, Version = "1" };
        var unix = new UnixAttributes { Mode = 0x9FF };
        SourceEntry Link(string path, string target) => file with { Path = path, Kind = EntryKind.SymbolicLink, LinkTarget = target };
        SourceEntry Folder(string path) => file with { Path = path, Kind = EntryKind.Folder, Unix = unix };
        switch (attack)
        {
            case "link through an absolute link":
                return [Link("a", outside), file with { Path = "a/file" }, Link("a/new", "x")];
            case "link through a relative link":
                return [Link("a", "../outside"), Link("a/file", "x")];
            case "link below a link":
                return [Link("a", "../outside"), Link("a/dir/new", "x")];
            case "folder through a link":
                return [Link("a", "../outside"), Folder("a/dir/"), Folder("a/new/")];
            case "rights through a link":
                return [Folder("a/"), Link("a", "../outside/file")];
            case "name twice":
                return [Link("a", "../outside/file"), file with { Unix = unix }];
            case "hard link to outside":
                Directory.CreateDirectory(To);
                File.CreateSymbolicLink(Path.Combine(To, "a"), "../outside");
                return [file with { Path = "a/file", Unix = unix with { HardLink = "1" } }, file with { Path = "b", Unix = unix with { HardLink = "1" } }];
            case "link that is there":
                Directory.CreateDirectory(To);
                File.CreateSymbolicLink(Path.Combine(To, "a"), "../outside");
                return [file with { Path = "a/file" }];
            case "folder that is a link already":
                Directory.CreateDirectory(To);
                File.CreateSymbolicLink(Path.Combine(To, "a"), "../outside");
                return [Folder("a/")];
            case "dots":
                return [Folder("../escaped/"), file with { Path = "../escaped" }];
            default:
                return [Link("/", "../outside")];
        }
    }

    private byte[] Name(string path) => [.. Encoding.UTF8.GetBytes(folder.Combine(path)), 0];

    private async Task ShellAsync(string command)
    {
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", $"cd \"$0\" && {command}", folder.Path]);
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }

    /// <summary>Entries as somebody who means harm would list them.</summary>
    private sealed class ListedSource(SourceEntry[] entries) : IBackupSource
    {
        public string Description => "entries";

        public IAsyncEnumerable<SourceEntry> ListAsync(CancellationToken cancellationToken) => entries.ToAsyncEnumerable();

        public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => Task.FromResult(entries.FirstOrDefault(entry => entry.Path == path));

        public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken) => Task.FromResult<Stream>(new MemoryStream());
    }

    /// <summary>One file cannot be made another name of.</summary>
    private sealed class FailingTarget(FolderTarget inner, string name) : ITreeTarget
    {
        public string Description => inner.Description;

        public IReadOnlyList<string> Notes => inner.Notes;

        public void Validate(string path) => inner.Validate(path);

        public IAsyncEnumerable<TargetEntry> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

        public Task<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken) => inner.OpenReadAsync(path, cancellationToken);

        public Task<IRestoreWriter> BeginAsync(SourceEntry entry, CancellationToken cancellationToken) => inner.BeginAsync(entry, cancellationToken);

        public Task DeleteAsync(string path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);

        public Task EndAsync(CancellationToken cancellationToken) => inner.EndAsync(cancellationToken);

        public Task MakeAsync(SourceEntry entry, CancellationToken cancellationToken) => inner.MakeAsync(entry, cancellationToken);

        public async Task LinkAsync(SourceEntry entry, string existing, CancellationToken cancellationToken)
        {
            if (existing == name)
            {
                await inner.DeleteAsync(existing, cancellationToken);
            }

            await inner.LinkAsync(entry, existing, cancellationToken);
        }

        public Task FinishAsync(SourceEntry entry, CancellationToken cancellationToken) => inner.FinishAsync(entry, cancellationToken);
    }

    /// <summary>Has files, and nothing else that a tree has.</summary>
    private sealed class PlainTarget(IRestoreTarget files) : IRestoreTarget
    {
        public string Description => $"plain {files.Description}";

        public void Validate(string path) => files.Validate(path);

        public IAsyncEnumerable<TargetEntry> ListAsync(CancellationToken cancellationToken) => files.ListAsync(cancellationToken);

        public Task<Stream?> OpenReadAsync(string path, CancellationToken cancellationToken) => files.OpenReadAsync(path, cancellationToken);

        public Task<IRestoreWriter> BeginAsync(SourceEntry entry, CancellationToken cancellationToken) => files.BeginAsync(entry, cancellationToken);

        public Task DeleteAsync(string path, CancellationToken cancellationToken) => files.DeleteAsync(path, cancellationToken);
    }
}
