using System.Text;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Evidence;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Verify_OfAnIntactChain_Succeeds()
    {
        var outcome = await VerifyAsync(Chain());

        Assert.Equal(ExitCodes.Success, outcome.Code);
        Assert.Contains("the evidence of run shop-1 is intact", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OfOneChangedFact_NamesTheEntry()
    {
        var outcome = await VerifyAsync(Chain().Replace("\"completed\"", "\"cancelled\"", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.NotVerified, outcome.Code);
        Assert.Contains("entry 1 was changed", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"runId":"x","entries":null}""")]
    public async Task Verify_OfSomethingElse_SaysWhatToGive(string text)
    {
        var outcome = await VerifyAsync(text);

        Assert.Equal(ExitCodes.NotVerified, outcome.Code);
        Assert.Contains("is no evidence of a run", outcome.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<DrOutcome> VerifyAsync(string text)
    {
        var path = _folder.Combine("evidence.json");
        await File.WriteAllTextAsync(path, text);
        return await Dr.RunAsync(["verify", path]);
    }

    private static string Chain()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var first = new JournalEntry(1, "shop-1", 0, JournalKind.RunStarted, at, null, new() { ["workload"] = "shop" }, JournalEntry.Genesis, null).Sealed();
        var last = new JournalEntry(1, "shop-1", 1, JournalKind.RunEnded, at, null, new() { ["state"] = "completed" }, first.Hash!, null).Sealed(); // sealed
        return Encoding.UTF8.GetString(DocumentJson.Write(new { runId = "shop-1", entries = new[] { first, last } }).Span);
    }
}
