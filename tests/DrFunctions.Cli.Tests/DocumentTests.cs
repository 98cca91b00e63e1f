using System.Text.RegularExpressions;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests;

/// <summary>What documents say of the command line is so.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents => ["README.md", "docs/operations.md", "docs/design.md", "docs/simulator.md"];

    [Fact]
    public async Task CliMd_IsWhatTheCommandsSay()
    {
        using var nowhere = new StringWriter();
        var expected = CliDocument.Write(DrCommandLine.Create(new CommandContext(new CliHost { Out = nowhere, Error = nowhere, Variable = _ => null })));
        var path = RepositoryRoot.Combine("docs", "cli.md");
        if (Environment.GetEnvironmentVariable("DR_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, expected);
        }

        Assert.True(expected == await File.ReadAllTextAsync(path), "docs/cli.md is not what the commands say: run this test with DR_WRITE_DOCS=1 to write it.");
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Documents_EveryCommandInABlock_Exists(string document)
    {
        using var nowhere = new StringWriter();
        var root = DrCommandLine.Create(new CommandContext(new CliHost { Out = nowhere, Error = nowhere, Variable = _ => null }));
        var commands = Blocks().Matches(await File.ReadAllTextAsync(RepositoryRoot.Combine(document.Split('/'))))
            .SelectMany(block => block.Groups[1].Value.Split('\n'))
            .Where(line => line.StartsWith("dr ", StringComparison.Ordinal))
            .Select(line => line.Split(" #")[0].Trim())
            .ToList();

        var wrong = commands
            .Select(command => (command, root.Parse(command[3..]).Errors))
            .Where(parsed => parsed.Errors.Count > 0)
            .Select(parsed => $"{parsed.command}: {string.Join(" ", parsed.Errors.Select(error => error.Message))}");

        Assert.Empty(wrong);
        Assert.True(commands.Count > 0 || document.StartsWith("docs/", StringComparison.Ordinal), "no command was found");
    }

    [Fact]
    public async Task Operations_NamesNoCommandInItsText_ThatIsNotThere()
    {
        using var nowhere = new StringWriter();
        var root = DrCommandLine.Create(new CommandContext(new CliHost { Out = nowhere, Error = nowhere, Variable = _ => null }));
        var text = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "operations.md"));

        var wrong = Inline().Matches(text).Select(match => match.Groups[1].Value)
            .Where(command => root.Parse(command[3..]).Errors.Any(error => error.Message.Contains("Unrecognized", StringComparison.Ordinal)));

        Assert.Empty(wrong);
        Assert.True(Blocks().Count(text) >= 4);
    }

    [GeneratedRegex("```(?:sh|bash|console)?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("`(dr [^`]+)`")]
    private static partial Regex Inline();
}
