namespace DrFunctions.Backup.Chunking;

/// <summary>How a repository cuts files into chunks. Recorded when it is made and never changed: other cuts would find nothing again.</summary>
/// <param name="Minimum">Bytes of the shortest chunk but a file's last; 64 B to <paramref name="Average"/>.</param>
/// <param name="Average">Bytes that chunks have about on average; a power of two, 256 B to 64 MiB.</param>
/// <param name="Maximum">Bytes of the longest chunk; <paramref name="Average"/> to 64 MiB.</param>
public sealed record ChunkingParameters(int Minimum, int Average, int Maximum)
{
    /// <summary>256 KiB, 1 MiB, 4 MiB.</summary>
    public static ChunkingParameters Default { get; } = new(256 * 1024, 1024 * 1024, 4 * 1024 * 1024);

    internal const int Shortest = 64;
    internal const int SmallestAverage = 256;
    private const int Longest = 64 * 1024 * 1024;

    /// <summary>What is wrong with these numbers, in words; null when nothing is.</summary>
    public string? Mistake =>
        Average is < SmallestAverage or > Longest || !int.IsPow2(Average)
            ? $"average is {Average}; expected a power of two, {SmallestAverage} to {Longest}"
            : Minimum < Shortest || Minimum > Average ? $"minimum is {Minimum}; expected {Shortest} to the average, {Average}"
            : Maximum < Average || Maximum > Longest ? $"maximum is {Maximum}; expected the average, {Average}, to {Longest}"
            : null;
}
