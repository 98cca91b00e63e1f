namespace DrFunctions.Backup.Indexes;

/// <summary>The pages of indexes that were looked at last, up to a number of bytes. Thread-safe.</summary>
/// <param name="capacity">Bytes of all pages together.</param>
internal sealed class PageCache(long capacity)
{
    private readonly Lock sync = new();
    private readonly Dictionary<(IndexSegment Segment, int Page), LinkedListNode<Kept>> pages = [];
    private readonly LinkedList<Kept> byUse = [];
    private long bytes;

    /// <summary>A page; null when it is not kept.</summary>
    public byte[]? Find(IndexSegment segment, int page)
    {
        lock (sync)
        {
            if (!pages.TryGetValue((segment, page), out var node))
            {
                return null;
            }

            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value.Content;
        }
    }

    /// <summary>Keeps a page, in the place of those that nobody asked for the longest.</summary>
    public void Keep(IndexSegment segment, int page, byte[] content)
    {
        lock (sync)
        {
            var key = (segment, page);
            if (pages.ContainsKey(key))
            {
                return;
            }

            pages[key] = byUse.AddFirst(new Kept(key, content));
            bytes += content.Length;
            while (bytes > capacity && byUse.Last is { } oldest)
            {
                byUse.RemoveLast();
                pages.Remove(oldest.Value.Key);
                bytes -= oldest.Value.Content.Length;
            }
        }
    }

    private readonly record struct Kept((IndexSegment Segment, int Page) Key, byte[] Content);
}
