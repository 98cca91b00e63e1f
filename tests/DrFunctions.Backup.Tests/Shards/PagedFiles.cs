using System.Runtime.CompilerServices;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Tests.Shards;

/// <summary>Files in memory that are listed page by page, by one order or the other.</summary>
internal sealed class PagedFiles(MemoryFiles files, int entriesPerPage = 3, bool byBytes = true) : IPagedSource
{
    private readonly Comparer<string> order = byBytes ? ByBytes : Comparer<string>.Create(string.CompareOrdinal);
    private int reads;

    /// <summary>The order of the paths' UTF-8 bytes.</summary>
    public static Comparer<string> ByBytes { get; } = Comparer<string>.Create((one, other) => PathOrder.Compare(one, other));

    public int Reads => reads;

    /// <summary>Called before each page.</summary>
    public Action BeforePage { get; set; } = () => { };

    public string Description => files.Description;

    public async IAsyncEnumerable<SourcePage> ListPagesAsync(string? marker, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = marker; ;)
        {
            BeforePage();
            cancellationToken.ThrowIfCancellationRequested();
            var paths = files.Paths.Order(order).Where(path => next is null || order.Compare(path, next) >= 0).Take(entriesPerPage + 1).ToList();
            var entries = new List<SourceEntry>();
            foreach (var path in paths.Take(entriesPerPage))
            {
                entries.Add((await files.FindAsync(path, cancellationToken))!);
            }

            yield return new SourcePage(next, entries);
            if (paths.Count <= entriesPerPage)
            {
                yield break;
            }

            next = paths[^1];
        }
    }

    public async IAsyncEnumerable<SourceEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in ListPagesAsync(null, cancellationToken))
        {
            foreach (var entry in page.Entries)
            {
                yield return entry;
            }
        }
    }

    public Task<SourceEntry?> FindAsync(string path, CancellationToken cancellationToken) => files.FindAsync(path, cancellationToken);

    public Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref reads);
        return files.OpenReadAsync(entry, cancellationToken);
    }
}
