namespace DrFunctions.Testing.Backups;

/// <summary>Content for tests.</summary>
public static class Bytes
{
    /// <summary>The same bytes for the same length and seed, never compressible.</summary>
    public static byte[] Of(int length, int seed)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    /// <summary>All that is left of a stream.</summary>
    public static async Task<byte[]> ReadAsync(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }
}
