using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Tests.Journal;

namespace DrFunctions.Recovery.Tests.Evidence;

public sealed class RunReportTests
{
    [Fact]
    public void Markdown_ACompletedRun_SaysEverything()
    {
        var journal = Samples.Failover();

        Assert.Equal(
            $"""
            # failover of shop: completed

            Run shop-run-1, unplanned, epoch 3, plan v1.
            Started 2026-03-01 03:00:00.000Z by ops: the region is lost

            | objective | target | attained | verdict |
            |---|---|---|---|
            | RTO: from the first sign of the loss to the proof | 3600.0 s | 90.0 s | met |
            | RPO: from the restore point to the fence | 900.0 s | 80.0 s | met |

            First sign of the loss 2026-03-01 02:59:30.000Z, restore point 2026-03-01 02:59:00.000Z.

            | step | began | took | state | what |
            |---|---|---|---|---|
            | fence | 2026-03-01 03:00:10.000Z | 10.0 s | completed | stopped |
            | restore | 2026-03-01 03:00:30.000Z | 10.0 s | completed | restored |
            | prove | 2026-03-01 03:00:50.000Z | 10.0 s | completed | answers 200 |

            Evidence: intact, 8 entries, last hash {journal[7].Hash}.

            """,
            RunReport.Markdown(journal));
    }

    [Fact]
    public void Markdown_AFailedRun_SaysWhyAndWhatNext()
    {
        var journal = Samples.Chain([.. Samples.Failover().Take(4),
            Samples.Draft(4, JournalKind.StepFailed, 1, ("code", "NoRestorePoint"), ("message", "There is none."), ("hint", "Copy one.")),
            Samples.Draft(5, JournalKind.RunEnded, null, ("state", "Failed"))]);

        var report = RunReport.Markdown(journal);

        Assert.Contains("# failover of shop: failed\n", report, StringComparison.Ordinal);
        Assert.Contains("| RTO: from the first sign of the loss to the proof | 3600.0 s | unknown | unknown |\n", report, StringComparison.Ordinal);
        Assert.Contains("| 10.0 s | failed | NoRestorePoint: There is none. Copy one. |\n| prove | unknown | unknown | cancelled |  |\n", report, StringComparison.Ordinal);
        Assert.EndsWith("\n\nNext: Copy one.\n", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_AnyPrefix_IsAReportThatSaysItIsNotWhole()
    {
        var journal = Samples.Failover();
        for (var length = 1; length < journal.Count; length++)
        {
            var report = RunReport.Markdown([.. journal.Take(length)]);

            Assert.StartsWith("# failover of shop: running\n", report, StringComparison.Ordinal);
            Assert.Contains("Evidence: NOT INTACT, the journal has no end", report, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a|b")]
    [InlineData("a\\|b")]
    [InlineData("a\\\\|b")]
    [InlineData("a\n|---|\nb")]
    [InlineData("a\r\n# owned")]
    [InlineData("a\u2028\u0085\v\f\0b")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("![x](http://example.com/pixel.png)")]
    [InlineData("`a|b`")]
    public void Markdown_HostileText_ChangesNoTableAndAddsNoMarkup(string text)
    {
        var plain = RunReport.Markdown(Samples.Failover()).Split('\n');

        var report = RunReport.Markdown(Samples.Failover(entry => entry with
        {
            Facts = new SortedDictionary<string, string>(entry.Facts.ToDictionary(
                fact => fact.Key,
                fact => fact.Key is "workload" or "runbook" or "reason" or "startedBy" or "planVersion" or "summary" || fact.Key.EndsWith(".name", StringComparison.Ordinal) ? text : fact.Value)),
        })).Split('\n');

        Assert.Equal(plain.Length, report.Length);
        Assert.Equal(plain.Select(Bars), report.Select(Bars));
        Assert.All(report, line => Assert.True(line.Length == 0 || "#|RSFE".Contains(line[0], StringComparison.Ordinal), line));
        Assert.DoesNotContain(report, line => line.Contains('<', StringComparison.Ordinal) || line.Contains("![x](", StringComparison.Ordinal));
        Assert.DoesNotContain(report, line => line.Any(char.IsControl));
    }

    // A bar counts unless an odd number of backslashes stands before it.
    private static int Bars(string line) => Enumerable.Range(0, line.Length)
        .Count(at => line[at] == '|' && line[..at].Reverse().TakeWhile(character => character == '\\').Count() % 2 == 0);
}
