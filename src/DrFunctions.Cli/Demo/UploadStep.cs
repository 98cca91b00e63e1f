using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>Puts the workload's files where the workload has them: the primary region's container.</summary>
internal static class UploadStep
{
    private const int Parallelism = 4;

    /// <summary>Uploads every file.</summary>
    public static async Task PlayAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        var container = scene.Environment.Primary.Container(scene.Environment.Plan.Containers.First().Primary.Container);
        using (var progress = new ProgressLine(scene.Output, "uploaded", scene.Data.Bytes, scene.Time))
        {
            await Parallel.ForEachAsync(
                scene.Data.Files,
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                async (file, token) =>
                {
                    await using var content = scene.Data.Open(file);
                    await container.GetBlobClient(file.Name).UploadAsync(content, overwrite: true, token);
                    progress.Add(file.Length);
                });
        }

        scene.Say($"{scene.Data.Files.Count} files, {Quantities.Bytes(scene.Data.Bytes)}, from {Output.Text(scene.Data.Root)}");
    }
}
