using System.Text.Encodings.Web;
using System.Text.Json;
using DrFunctions.Testing.Files;

namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>
/// Documents that a version wrote, at some stages of one kind, and the ending. The files are never changed; when
/// <c>DR_GOLDEN</c> names a folder, <c>schema-2</c> say, the replay tests write those of the present version into it.
/// </summary>
internal sealed record Golden(string Kind, Ending End, IReadOnlyList<Cut> Cuts)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string Folder = RepositoryRoot.Combine("tests", "DrFunctions.LocalRuntime.Tests", "Durable", "Replay", "Golden");

    /// <summary>The files there are, by version and kind.</summary>
    public static IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order()];

    public static async Task<Golden> ReadAsync(string file) =>
        JsonSerializer.Deserialize<Golden>(await File.ReadAllTextAsync(Path.Combine(Folder, file)), Format)!;

    public static async Task WriteIfAskedAsync(AwaitKind kind, KindRun run, Ending end)
    {
        if (Environment.GetEnvironmentVariable("DR_GOLDEN") is { Length: > 0 } version)
        {
            var isLarge = run.Cuts[^1].Documents.Sum(document => document.Body.Length) > 50_000;
            int[] stages = isLarge ? [run.Cuts.Count * 2 / 3] : [0, run.Cuts.Count / 3, run.Cuts.Count * 2 / 3, run.Cuts.Count - 1];
            var golden = new Golden(kind.Name, end, [.. stages.Distinct().Select(stage => run.Cuts[stage])]);
            var folder = Directory.CreateDirectory(Path.Combine(Folder, version)).FullName;

            // Stack traces name files: those of whoever writes the documents are nobody's business.
            var json = JsonSerializer.Serialize(golden, Format).Replace(RepositoryRoot.Path, "/src/drfunctions", StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{kind.Name}.json"), json + "\n");
        }
    }
}
