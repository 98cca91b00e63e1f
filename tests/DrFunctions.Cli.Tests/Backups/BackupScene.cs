using System.Text.Json.Nodes;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Backups;

/// <summary>A folder to back up, and a place for a repository beside it, as a person at a terminal has them.</summary>
internal sealed class BackupScene : IDisposable
{
    public const string Passphrase = "open";

    private readonly TemporaryFolder folder = new();

    public BackupScene()
    {
        (Source, Repository) = (At("source"), At("repository"));
        Directory.CreateDirectory(Source);
    }

    public string Source { get; }

    public string Repository { get; }

    /// <summary>What the machine's variables hold beside the passphrase.</summary>
    public Dictionary<string, string> Variables { get; } = new() { ["DR_REPOSITORY_PASSPHRASE"] = Passphrase };

    /// <summary>What is another way on this machine.</summary>
    public Func<CliHost, CliHost>? With { get; set; }

    public static string Unwrapped(string text) => text.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal);

    public static List<string> Files(string root) =>
        [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(path => $"{Path.GetRelativePath(root, path).Replace('\\', '/')}: {File.ReadAllText(path)}")
            .Order(StringComparer.Ordinal)];

    /// <summary>All bytes below a folder, by path: what is to stay as it is.</summary>
    public static Dictionary<string, string> Bytes(string root) =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).ToDictionary(path => path, path => Convert.ToHexString(File.ReadAllBytes(path)));

    /// <summary>A verb, on the repository.</summary>
    public Task<DrOutcome> DrAsync(params string[] verb) => RunAsync(["backup", .. verb, "--repository", Repository]);

    /// <summary>A whole command line.</summary>
    public Task<DrOutcome> RunAsync(params string[] line) => Dr.RunAsync(line, name => Variables.GetValueOrDefault(name), With);

    /// <summary>A verb that must succeed, and its document.</summary>
    public async Task<JsonNode> DocumentAsync(params string[] verb)
    {
        var outcome = await DrAsync([.. verb, "--json"]);
        Assert.True(outcome.Code == 0, outcome.Output + outcome.Error);
        return JsonNode.Parse(outcome.Output)!; // It is a document.
    }

    public string At(string name) => Path.Combine(folder.Path, name);

    public void Write(string path, string content)
    {
        var file = Path.Combine(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!); // It is below the source.
        File.WriteAllText(file, content);
    }

    /// <summary>Flips a bit in the middle of every pack; returns how many there are.</summary>
    public static int DamagePacks(string repository)
    {
        var packs = Directory.GetFiles(Path.Combine(repository, "packs"), "*", SearchOption.AllDirectories);
        foreach (var pack in packs)
        {
            var content = File.ReadAllBytes(pack);
            content[content.Length / 2] ^= 1;
            File.SetAttributes(pack, FileAttributes.Normal);
            File.WriteAllBytes(pack, content);
        }

        return packs.Length;
    }

    public void Dispose() => folder.Dispose();
}
