namespace DrFunctions.Cloud.Blobs;

/// <summary>How long a storage account may keep a call waiting: short, so that a region that hangs is a failure and not a wait.</summary>
public sealed record BlobClientSettings
{
    /// <summary>For one attempt's answer, and for each later read of its body. Default 10 s.</summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts after the first. Default 2.</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>Before the second attempt; doubles from then on, up to <see cref="MaxDelay"/>. Default 300 ms.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The most between two attempts. Default 3 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(3);
}
