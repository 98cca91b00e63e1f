using System.Text;
using System.Text.Json;
using DrFunctions.Cli.Tests.Api;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Journal;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Reports;

public sealed class ReportVerifyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Verify_OfAnIntactChain_Succeeds()
    {
        var outcome = await VerifyAsync(Chain());

        Assert.Equal(ExitCodes.Success, outcome.Code);
        Assert.Contains("the evidence of run shop-1 is intact", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"runId":"x","entries":[null]}""", "an entry or a copy of it is null")]
    [InlineData("""{"runId":"x","entries":[],"copies":[null]}""", "an entry or a copy of it is null")]
    [InlineData("""{"runId":"x"}""", "what stands at $, line 1, is not what an export has there")]
    [InlineData("""{"runId":"x","entries":null}""", "what stands at $.entries, line 1, is not what an export has there")]
    [InlineData("[]", "what stands at $, line 1, is not what an export has there")]
    [InlineData("null", "it is null")]
    [InlineData("hello", "what stands at $, line 1, is not what an export has there")]
    public async Task Verify_OfNoEvidence_SaysWhy(string text, string expected)
    {
        var outcome = await VerifyAsync(text);

        Assert.Equal(ExitCodes.NotVerified, outcome.Code);
        Assert.Contains($" is no evidence of a run: {expected}.", outcome.Error, StringComparison.Ordinal);
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

    [Fact]
    public async Task Verify_WithAnchorsThatAgree_SaysWhereItIsAnchored()
    {
        var outcome = await VerifyAsync(Anchored(Chain()));

        Assert.Equal(ExitCodes.Success, outcome.Code);
        Assert.Contains("its last hash is anchored: control, mirror", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WithoutAnchors_SaysThatAReplacedChainWouldNotBeSeen() =>
        Assert.Contains("anchored nowhere", (await VerifyAsync(Chain())).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Verify_AgainstAnotherKeptHash_Fails()
    {
        var outcome = await VerifyAsync(Chain(), "--anchor", new string('a', 64));

        Assert.Equal(ExitCodes.NotVerified, outcome.Code);
        Assert.Contains($"expected the one that was kept, {new string('a', 64)}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AgainstWhatIsNoHash_SaysWhatToGive()
    {
        var outcome = await VerifyAsync(Chain(), "--anchor", "tomorrow");

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Contains("--anchor: 'tomorrow', expected 64 hexadecimal digits.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ARun_AsksTheApp()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Anchored(Chain())));

        var outcome = await Dr.RunAsync(["report", "verify", "shop-1", "--json", "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

        Assert.Equal(ExitCodes.Success, outcome.Code);
        Assert.Equal("/api/runs/shop-1/evidence", Assert.Single(app.Requests).Path);
        Assert.Contains("\"intact\": true", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AFileThatIsNot_NamesIt()
    {
        var outcome = await Dr.RunAsync(["report", "verify", "nowhere.json"]);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Contains("There is no file nowhere.json.", outcome.Error, StringComparison.Ordinal);
    }

    private static string Anchored(string chain)
    {
        var evidence = JsonSerializer.Deserialize<RunEvidence>(chain, DocumentJson.Options)!; // it was just written
        EvidenceCopy Copy(string place) => new(place, [.. evidence.Entries.Select(entry => entry.Hash!)], EvidenceAnchor.Of(evidence.Entries), null); // sealed
        return Encoding.UTF8.GetString(DocumentJson.Write(evidence with { Copies = [Copy("control"), Copy("mirror")] }).Span);
    }

    private async Task<DrOutcome> VerifyAsync(string text, params string[] options)
    {
        var path = _folder.Combine("evidence.json");
        await File.WriteAllTextAsync(path, text);
        return await Dr.RunAsync(["report", "verify", path, .. options]);
    }

    private static string Chain()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var first = new JournalEntry(1, "shop-1", 0, JournalKind.RunStarted, at, null, new() { ["workload"] = "shop" }, JournalEntry.Genesis, null).Sealed();
        var last = new JournalEntry(1, "shop-1", 1, JournalKind.RunEnded, at, null, new() { ["state"] = "completed" }, first.Hash!, null).Sealed(); // sealed
        return Encoding.UTF8.GetString(DocumentJson.Write(new { runId = "shop-1", entries = new[] { first, last } }).Span);
    }
}
