using DrFunctions.Backup.Sources;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Files;

namespace DrFunctions.Backup.Tests.Sources;

/// <summary>Trees that a shell made, as the source lists them.</summary>
public sealed class LinuxTreeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // .NET cannot remove such names.
    public void Dispose()
    {
        using var remove = System.Diagnostics.Process.Start("rm", ["-rf", folder.Path]);
        remove.WaitForExit();
    }

    [LinuxFact]
    public async Task List_AllKinds_AreWhatTheyAre()
    {
        await ShellAsync("mkdir -p dir/empty && echo x > dir/file && ln -s ../dir link && ln -s nowhere broken && mkfifo pipe");
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(folder.Combine("socket")));

        var listed = await ListAsync();

        Assert.Equal(
            [
                ("/", EntryKind.Folder, null, null), ("broken", EntryKind.SymbolicLink, "nowhere", null), ("dir/", EntryKind.Folder, null, null),
                ("dir/empty/", EntryKind.Folder, null, null), ("dir/file", EntryKind.File, null, null), ("link", EntryKind.SymbolicLink, "../dir", null),
                ("pipe", EntryKind.Pipe, null, null), ("socket", EntryKind.Socket, null, "socket"),
            ],
            listed.Select(entry => (entry.Path, entry.Kind, entry.LinkTarget, entry.Unsupported)));
    }

    [LinuxFact]
    public async Task List_OddNames_AreTheirBytesInOrder()
    {
        await ShellAsync("""touch "$(printf 'bad\377')" "$(printf 'bad\344')" "bädly" "$(printf 'line\nfeed')" 'c:x' '*?"' && mkdir "$(printf '\200')" && echo x > "$(printf '\200/f\200')" """);
        var source = new FolderSource(folder.Path);

        var listed = await ListAsync();

        Assert.Equal(["*?\"", "/", "bad\uDCE4", "bad\uDCFF", "bädly", "c:x", "line\nfeed", "\uDC80/", "\uDC80/f\uDC80"], listed.Select(entry => entry.Path));
        Assert.All(listed, entry => Assert.Equal(entry.Version, source.FindAsync(entry.Path, default).Result?.Version));
        await using var content = await source.OpenReadAsync(listed[^1], default);
        Assert.Equal("x\n"u8.ToArray(), await Bytes.ReadAsync(content));
    }

    [LinuxFact]
    public async Task List_ModesAndTimes_AreToTheBitAndNanosecond()
    {
        await ShellAsync("touch -d '2001-02-03 04:05:06.123456789 UTC' a && chmod 4711 a && touch -d '1969-12-31 23:59:59.999999999 UTC' b && chmod 0 b && mkdir t && chmod 1777 t");

        var listed = await ListAsync();

        Assert.Equal(["4711", "0", "1777"], listed.Skip(1).Select(entry => Convert.ToString(entry.Unix?.Mode ?? -1, 8)));
        Assert.Equal((new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero).AddTicks(1234567), 89), (listed[1].LastModified, listed[1].Unix?.Nanoseconds));
        Assert.Equal((DateTimeOffset.UnixEpoch.AddTicks(-1), 99), (listed[2].LastModified, listed[2].Unix?.Nanoseconds));
    }

    [LinuxFact(asRoot: true)]
    public async Task List_OwnersAndDevices_AreNumbersAndNames()
    {
        await ShellAsync("touch a b && chown 4242:4243 a && chown daemon:mail b && mknod c c 5 300 && mknod d b 259 7");

        var listed = await ListAsync();

        Assert.Equal((4242u, 4243u, null, null), Owner(listed[1]));
        Assert.Equal((1u, "daemon", "mail"), (listed[2].Unix?.UserId, listed[2].Unix?.UserName, listed[2].Unix?.GroupName));
        Assert.Equal((EntryKind.CharacterDevice, new DeviceNumber(5, 300)), (listed[3].Kind, listed[3].Unix?.Device));
        Assert.Equal((EntryKind.BlockDevice, new DeviceNumber(259, 7)), (listed[4].Kind, listed[4].Unix?.Device));
        Assert.Equal((0u, 0u, null, null), Owner(listed[3]));
    }

    [LinuxFact]
    public async Task List_HardLinks_AreTheSameFile()
    {
        await ShellAsync("echo x > a && ln a b && echo x > c && ln -s y d && ln -P d e");

        var links = (await ListAsync()).Skip(1).Select(entry => entry.Unix?.HardLink).ToList();

        Assert.NotNull(links[0]);
        Assert.Equal([links[0], links[0], null, links[3], links[3]], links);
        Assert.NotEqual(links[0], links[3]);
    }

    [LinuxFact]
    public async Task List_SparseFile_HasItsHolesAndReadsTheRest()
    {
        await ShellAsync("truncate -s 100M a && printf data | dd of=a bs=1M seek=50 conv=notrunc status=none && truncate -s 1M none && echo x > full");

        var listed = await ListAsync();

        var sparse = listed[1];
        Assert.Equal(100 << 20, sparse.Length);
        Assert.Equal((0, 50 << 20), (sparse.Holes[0].Offset, sparse.Holes[0].Length));
        Assert.Equal((2, sparse.Length), (sparse.Holes.Count, sparse.Holes[1].Offset + sparse.Holes[1].Length));
        Assert.InRange(sparse.ContentLength, 4, 1 << 20);
        await using var content = await new FolderSource(folder.Path).OpenReadAsync(sparse, default);
        var read = await Bytes.ReadAsync(content);
        Assert.Equal(sparse.ContentLength, read.Length);
        Assert.Equal("data"u8.ToArray(), read[..4]);
        Assert.Empty(listed[2].Holes);
        Assert.Equal([new Hole(0, 1 << 20)], listed[3].Holes);
        Assert.Equal(0, listed[3].ContentLength);
    }

    /// <summary>Paths are as long as the tree is deep; calls take 4,096 bytes.</summary>
    [LinuxFact]
    public async Task List_PathsLongerThanCallsTake_AreThereAndRead()
    {
        var name = new string('x', 200);
        await ShellAsync($"i=99; while [ $i -ge 0 ]; do mkdir y && echo $i > y/file && {{ [ ! -d {name} ] || mv {name} y; }} && mv y {name} || exit 1; i=$((i-1)); done");
        var source = new FolderSource(folder.Path);

        var listed = await ListAsync();

        Assert.Equal(201, listed.Count);
        var deepest = listed.MaxBy(entry => entry.Path.Length) ?? listed[0];
        Assert.Equal(string.Concat(Enumerable.Repeat(name + '/', 100)) + "file", deepest.Path);
        Assert.Equal(deepest.Version, (await source.FindAsync(deepest.Path, default))?.Version);
        await using var content = await source.OpenReadAsync(deepest, default);
        Assert.Equal("99\n"u8.ToArray(), await Bytes.ReadAsync(content));
    }

    [LinuxFact]
    public async Task Open_LinkOrPipeOrFolderInItsPlace_IsNotFollowedNorWaitedFor()
    {
        await ShellAsync("echo x > a && echo x > b && echo x > c && echo x > d");
        var source = new FolderSource(folder.Path);
        var listed = (await ListAsync()).Skip(1).ToList();
        await ShellAsync("rm a b c && ln -s d a && mkfifo b && mkdir c && mv d e && cp e d");

        foreach (var (entry, expected) in listed.Zip([BackupErrors.SourceChanged, BackupErrors.SourceChanged, BackupErrors.SourceVanished, BackupErrors.SourceChanged]))
        {
            Assert.Equal(expected, (await Assert.ThrowsAsync<BackupException>(() => source.OpenReadAsync(entry, default))).Code);
        }
    }

    /// <summary>A folder that becomes a link while it is walked leads nowhere: what is below it is not what is listed below it.</summary>
    [LinuxFact]
    public async Task List_FolderBecomesALinkMeanwhile_IsNotFollowed()
    {
        await ShellAsync("mkdir -p a/b c/b && echo x > a/b/mine && echo secret > c/b/secret");
        var paths = new List<string>();
        await foreach (var entry in new FolderSource(folder.Path).ListAsync(default))
        {
            paths.Add(entry.Path);
            if (entry.Path == "a/")
            {
                await ShellAsync("mv a/b a/was && ln -s ../c/b a/b");
            }
        }

        Assert.Equal(["/", "a/", "a/b", "c/", "c/b/", "c/b/secret"], paths);
    }

    [LinuxFact(asRoot: true)]
    public async Task List_OneFileSystem_ShowsWhatIsMountedWithoutWhatIsInIt()
    {
        await ShellAsync("mkdir mounted && echo x > plain && mount -t tmpfs none mounted && echo x > mounted/file");
        try
        {
            var all = await ListAsync();
            var one = await ListAsync(new FolderSourceOptions { OneFileSystem = true });

            Assert.Equal(["/", "mounted/", "mounted/file", "plain"], all.Select(entry => entry.Path));
            Assert.Equal(["/", "mounted/", "plain"], one.Select(entry => entry.Path));
        }
        finally
        {
            await ShellAsync("umount mounted");
        }
    }

    /// <summary>Times beyond .NET's are kept as far as those reach.</summary>
    [LinuxFact(asRoot: true)]
    public async Task List_TimeBeyondTheYear9999_IsTheLastThatThereIs()
    {
        await ShellAsync("mkdir mounted && mount -t tmpfs none mounted && touch -d @999999999999 mounted/a");
        try
        {
            Assert.Equal(DateTimeOffset.MaxValue.Ticks, (await ListAsync())[^1].LastModified.Ticks);
        }
        finally
        {
            await ShellAsync("umount mounted");
        }
    }

    private static (uint?, uint?, string?, string?) Owner(SourceEntry entry) => (entry.Unix?.UserId, entry.Unix?.GroupId, entry.Unix?.UserName, entry.Unix?.GroupName);

    private async Task<List<SourceEntry>> ListAsync(FolderSourceOptions? options = null) => await new FolderSource(folder.Path, options).ListAsync(default).ToListAsync();

    private async Task ShellAsync(string command, string? place = null)
    {
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", $"cd \"$0\" && {command}", place ?? folder.Path]);
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}
