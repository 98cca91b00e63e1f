using Azure.Storage.Blobs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.Cloud.Tests.Blobs;

[CollectionDefinition(nameof(SharedAzurite))]
public sealed class SharedAzurite : ICollectionFixture<AzuriteFixture>;

[Collection(nameof(SharedAzurite))]
public sealed class BlobRepositoryTests(AzuriteFixture azurite) : RepositoryConformance
{
    protected override async Task<IRepository> OpenAsync()
    {
        var container = await azurite.Server.CreateContainerAsync("repository");
        await container.DeleteAsync();
        return new BlobRepository(container);
    }
}

[Collection(nameof(SharedAzurite))]
public sealed class BlobContainerSourceTests(AzuriteFixture azurite) : SourceConformance
{
    private BlobContainerClient? container;

    private BlobContainerClient Container => container ?? throw new InvalidOperationException("Open the source first.");

    [Fact]
    public async Task List_HeadersAndMetadata_AreKept()
    {
        var source = await OpenAsync();
        await Container.GetBlobClient("a").UploadAsync(BinaryData.FromString("x"), new Azure.Storage.Blobs.Models.BlobUploadOptions
        {
            HttpHeaders = new() { ContentType = "text/css", ContentLanguage = "de", CacheControl = "no-store" },
            Metadata = new Dictionary<string, string> { ["owner"] = "me" },
        });

        var entries = new List<SourceEntry>();
        await foreach (var entry in source.ListAsync(default))
        {
            entries.Add(entry);
        }

        var listed = Assert.Single(entries);
        Assert.Equal(
            [("cache-control", "no-store"), ("content-language", "de"), ("content-type", "text/css")],
            listed.Headers.Select(header => (header.Key, header.Value)).Order());
        Assert.Equal([("owner", "me")], listed.Metadata.Select(item => (item.Key, item.Value)));
    }

    /// <summary>A page is found again by its marker, also when the first blob of it is gone and others came.</summary>
    [Fact]
    public async Task ListPages_FromAMarker_GoesOnThere()
    {
        await OpenAsync();
        foreach (var name in new[] { "a", "b", "c/1", "c/2", "d", "e" })
        {
            await WriteAsync(name, [1]);
        }

        var source = new BlobContainerSource(Container, blobsPerPage: 2);
        var pages = new List<SourcePage>();
        await foreach (var page in source.ListPagesAsync(null, default))
        {
            pages.Add(page);
        }

        Assert.Equal(["a b", "c/1 c/2", "d e"], pages.Select(Paths));
        Assert.Null(pages[0].Marker);
        await RemoveAsync("c/1");
        await WriteAsync("c/3", [1]);
        await WriteAsync("a2", [1]);

        var again = new List<SourcePage>();
        await foreach (var page in source.ListPagesAsync(pages[1].Marker, default))
        {
            again.Add(page);
        }

        Assert.Equal(["c/2 c/3", "d e"], again.Select(Paths));

        static string Paths(SourcePage page) => string.Join(' ', page.Entries.Select(entry => entry.Path));
    }

    protected override async Task<IBackupSource> OpenAsync() => new BlobContainerSource(container = await azurite.Server.CreateContainerAsync("source"));

    protected override Task WriteAsync(string path, byte[] content) =>
        Container.GetBlobClient(path).UploadAsync(BinaryData.FromBytes(content), overwrite: true);

    protected override Task RemoveAsync(string path) => Container.DeleteBlobAsync(path);
}

[Collection(nameof(SharedAzurite))]
public sealed class BlobContainerTargetTests(AzuriteFixture azurite) : TargetConformance
{
    [Theory]
    [InlineData("../other/x")]
    [InlineData("a/../../x")]
    [InlineData("./a")]
    [InlineData("a\\b")]
    [InlineData("")]
    public async Task Validate_NameThatLeadsElsewhere_IsRefused(string path)
    {
        var target = await OpenAsync();

        var error = Assert.Throws<DrFunctions.Backup.BackupException>(() => target.Validate(path));

        Assert.Equal(DrFunctions.Backup.BackupErrors.UnsafePath, error.Code);
        Assert.StartsWith($"'{path}' cannot be restored to http://127.0.0.1:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4_194_305)]
    public async Task Commit_HeadersAndMetadata_AreRestored(int length)
    {
        var container = await azurite.Server.CreateContainerAsync("target");
        var target = new BlobContainerTarget(container);
        var entry = Entry("a", length) with
        {
            Headers = new Dictionary<string, string> { ["content-type"] = "text/css", ["content-encoding"] = "gzip" },
            Metadata = new Dictionary<string, string> { ["owner"] = "me" },
        };

        await using (var writer = await target.BeginAsync(entry, default))
        {
            foreach (var part in Enumerable.Range(0, length).Chunk(4_194_304))
            {
                await writer.WriteAsync(part[0], new byte[part.Length], default);
            }

            await writer.CommitAsync(default);
        }

        var properties = (await container.GetBlobClient("a").GetPropertiesAsync()).Value;
        Assert.Equal(("text/css", "gzip", length), (properties.ContentType, properties.ContentEncoding, properties.ContentLength));
        Assert.Equal("me", properties.Metadata["owner"]);
    }

    protected override async Task<IRestoreTarget> OpenAsync()
    {
        var container = await azurite.Server.CreateContainerAsync("target");
        await container.DeleteAsync();
        return new BlobContainerTarget(container);
    }
}
