using System.Security.Cryptography;
using Azure.Storage.Blobs;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>How a container compares with the files it should hold.</summary>
/// <param name="Files">Files whose bytes are the originals'.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Differences">Every file that is missing, different or too much.</param>
internal sealed record DataComparison(int Files, long Bytes, IReadOnlyList<string> Differences)
{
    private const int Parallelism = 4;

    /// <summary>Reads every blob and compares its SHA-256 with the original's.</summary>
    public static async Task<DataComparison> CompareAsync(
        DataSet expected, BlobContainerClient container, Output output, TimeProvider time, CancellationToken cancellationToken)
    {
        var differences = new List<string>();
        var there = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancellationToken))
        {
            there.Add(blob.Name);
        }

        differences.AddRange(expected.Files.Where(file => !there.Contains(file.Name)).Select(file => $"{file.Name} is missing"));
        differences.AddRange(there.Except(expected.Files.Select(file => file.Name), StringComparer.Ordinal).Select(name => $"{name} was never there"));
        var present = expected.Files.Where(file => there.Contains(file.Name)).ToList();
        long same = 0;
        var files = 0;
        using (var progress = new ProgressLine(output, "compared", expected.Bytes, time))
        {
            var gate = new Lock();
            await Parallel.ForEachAsync(
                present,
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                async (file, token) =>
                {
                    await using var content = await container.GetBlobClient(file.Name).OpenReadAsync(cancellationToken: token);
                    var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, token));
                    progress.Add(file.Length);
                    lock (gate)
                    {
                        if (hash == file.Sha256)
                        {
                            files++;
                            same += file.Length;
                        }
                        else
                        {
                            differences.Add($"{file.Name} has SHA-256 {hash}, the original {file.Sha256}");
                        }
                    }
                });
        }

        return new DataComparison(files, same, [.. differences.Order(StringComparer.Ordinal)]);
    }
}
