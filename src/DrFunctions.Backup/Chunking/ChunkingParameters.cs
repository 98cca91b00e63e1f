namespace DrFunctions.Backup.Chunking;

/// <summary>How a repository cuts files into chunks. Recorded when it is made and never changed: other cuts would find nothing again.</summary>
/// <param name="Minimum">Bytes of the shortest chunk but a file's last; 64 B to <paramref name="Average"/>.</param>
/// <param name="Average">Bytes that chunks have about on average; 256 B to 64 MiB.</param>
/// <param name="Maximum">Bytes of the longest chunk; <paramref name="Average"/> to 64 MiB.</param>
public sealed record ChunkingParameters(int Minimum, int Average, int Maximum)
{
    /// <summary>112 KiB, 448 KiB, 1.75 MiB: a change in the middle of a file costs about one chunk, and shorter ones hardly get smaller when they are compressed.</summary>
    public static ChunkingParameters Default { get; } = new(112 * 1024, 448 * 1024, 1792 * 1024);

    internal const int Shortest = 64;
    internal const int SmallestAverage = 256;
    private const int Longest = 64 * 1024 * 1024;

    /// <summary>These parameters, so many times shorter, and as short as they may be.</summary>
    internal ChunkingParameters DividedBy(int divisor)
    {
        var average = Math.Max(SmallestAverage, Average / divisor);
        return new ChunkingParameters(Math.Clamp(Minimum / divisor, Shortest, average), average, Math.Max(average, Maximum / divisor));
    }

    /// <summary>What is wrong with these numbers, in words; null when nothing is.</summary>
    public string? Mistake =>
        Average is < SmallestAverage or > Longest ? $"average is {Average}; expected {SmallestAverage} to {Longest}"
            : Minimum < Shortest || Minimum > Average ? $"minimum is {Minimum}; expected {Shortest} to the average, {Average}"
            : Maximum < Average || Maximum > Longest ? $"maximum is {Maximum}; expected the average, {Average}, to {Longest}"
            : null;
}
