using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Tests.Journal;

namespace DrFunctions.Recovery.Tests.Evidence;

public sealed class RunReportTests
{
    // What people and alerts can put anywhere: each would end a cell, begin markup, run something or look like other text.
    public static TheoryData<string> Hostile =>
    [
        "a|b", "a\\|b", "a\n|---|\nb", "a\r\n# owned", "a\u2028\u0085\v\f\0b", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
        "![x](http://example.com/pixel.png)", "`a|b`", "&lt;b&gt;", "javascript:alert(1)", "</title></head><body onload=x>", "\u202Eevil\u2066", "*bold* _and_ ~gone~", "{{7*7}}", "- item", "1. item", "> quote", "```",
    ];

    [Fact]
    public void Markdown_ACompletedRun_SaysEverything()
    {
        var journal = Samples.Failover();

        Assert.Equal(
            $"""
            # failover of shop: completed

            Run shop-run-1, unplanned, epoch 3, plan v1.

            Started 2026-03-01 03:00:00.000Z by ops: the region is lost

            Ended 2026-03-01 03:01:10.000Z, after 1 m 10 s.

            | objective | target | attained | verdict |
            |---|---|---|---|
            | RTO: from the first sign of the loss to the proof | 1 h | 1 m 30 s | met |
            | RPO: from the restore point to the fence | 15 m | 1 m 20 s | met |

            First sign of the loss 2026-03-01 02:59:30.000Z, restore point 2026-03-01 02:59:00.000Z; the RPO is that of 'files'.

            | store | restore point | lost at most | verdict |
            |---|---|---|---|
            | files | 2026-03-01 02:59:00.000Z | 1 m 20 s | met |

            ## Findings

            None.

            ## Verdict at the start

            Incident 7, 2 signals, verdict start at 2026-03-01 02:59:50.000Z.

            | rule | passed | found | expected |
            |---|---|---|---|
            | primaryDown | yes | no answer | no answer |

            ## Decisions of people

            | at | who | what | step | why |
            |---|---|---|---|---|
            | 2026-03-01 03:00:20.000Z | alice (personal key) | approve | restore | it is lost |
            | 2026-03-01 03:00:21.000Z | bob (personal key) | override of dataLoss | the run | the boss said so |

            ## Steps

            | step | kind | began | took | expected | state | what |
            |---|---|---|---|---|---|---|
            | fence | fence | 2026-03-01 03:00:10.000Z | 10 s | 9 s (3 runs) | completed | stopped |
            | restore | restore | 2026-03-01 03:00:30.000Z | 10 s | 10 m | completed | restored |
            | prove | prove | 2026-03-01 03:00:50.000Z | 10 s | unknown | completed | answers 200 |

            ## Timeline

            | at | after | what | step | detail |
            |---|---|---|---|---|
            | 2026-03-01 03:00:00.000Z | 0 s | run started |  | by ops: the region is lost |
            | 2026-03-01 03:00:10.000Z | 10 s | step started | fence |  |
            | 2026-03-01 03:00:20.000Z | 20 s | step completed | fence | stopped |
            | 2026-03-01 03:00:30.000Z | 30 s | step started | restore |  |
            | 2026-03-01 03:00:40.000Z | 40 s | step completed | restore | restored |
            | 2026-03-01 03:00:50.000Z | 50 s | step started | prove |  |
            | 2026-03-01 03:01:00.000Z | 1 m | step completed | prove | answers 200 |
            | 2026-03-01 03:01:10.000Z | 1 m 10 s | run ended |  | Completed |

            ## Evidence

            Intact: 8 entries, last hash {journal[7].Hash}.

            Its last hash is anchored nowhere: a chain replaced as a whole would not be seen.

            """,
            ReportMarkdown.Write(RunReport.Of(Sources(journal))));
    }

    [Fact]
    public void Of_AFailedRun_FindsWhyAndWhatNext()
    {
        var journal = Samples.Chain([.. Samples.Failover().Take(4),
            Samples.Draft(4, JournalKind.StepFailed, 1, ("code", "NoRestorePoint"), ("message", "There is none."), ("hint", "Copy one.")),
            Samples.Draft(5, JournalKind.RunEnded, null, ("state", "Failed"))]);

        var report = Markdown(journal);

        Assert.StartsWith("# failover of shop: failed\n", report, StringComparison.Ordinal);
        Assert.Contains("| RTO: from the first sign of the loss to the proof | 1 h | unknown | unknown |\n", report, StringComparison.Ordinal);
        Assert.Contains("| StepFailed | restore: NoRestorePoint: There is none. | Copy one. |\n", report, StringComparison.Ordinal);
        Assert.Contains("| RtoUnknown | ", report, StringComparison.Ordinal);
        Assert.Contains("| RpoUnknown | ", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ASlowStep_FindsIt()
    {
        var sources = Sources(Samples.Failover());

        var report = ReportMarkdown.Write(RunReport.Of(sources with { Estimates = new Dictionary<string, StepEstimate> { ["fence"] = new(TimeSpan.FromSeconds(2), EstimateSource.PastRuns, 1) } }));

        Assert.Contains("| StepSlow | fence took 10 s, expected 2 s. | ", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ABreachedObjective_FindsIt()
    {
        var journal = Samples.Failover(entry => entry.Sequence == 0 ? entry with { Facts = new(entry.Facts) { ["rtoSeconds"] = "60" } } : entry);

        Assert.Contains("| RtoBreached | 1 m 30 s, expected at most 1 m. | ", Markdown(journal), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AChangedJournal_SaysSo()
    {
        var journal = Samples.Failover().Select(entry => entry.Sequence == 4 ? entry with { At = entry.At.AddHours(-1) } : entry).ToList();

        var report = Markdown(journal);

        Assert.Contains("NOT INTACT: entry 4 was changed", report, StringComparison.Ordinal);
        Assert.Contains("| EvidenceBroken | entry 4 was changed", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AnyPrefix_IsAReportThatSaysItIsNotWhole()
    {
        var journal = Samples.Failover();
        for (var length = 1; length < journal.Count; length++)
        {
            var report = Markdown([.. journal.Take(length)]);

            Assert.StartsWith("# failover of shop: running\n", report, StringComparison.Ordinal);
            Assert.Contains("It has not ended.", report, StringComparison.Ordinal);
            Assert.Contains("NOT INTACT: the journal has no end", report, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Markdown_HostileText_ChangesNoTableAndAddsNoMarkup(string text)
    {
        var plain = ReportMarkdown.Write(RunReport.Of(Sources(Samples.Failover()))).Split('\n');

        var report = ReportMarkdown.Write(RunReport.Of(Infected(text))).Split('\n');

        Assert.Equal(plain.Length, report.Length);
        Assert.Equal(plain.Select(Bars), report.Select(Bars));
        Assert.All(report, line => Assert.True(line.Length == 0 || "#|RSFEINV&\\".Contains(line[0], StringComparison.Ordinal), line));
        Assert.DoesNotContain(report, line => line.Contains('<', StringComparison.Ordinal) || line.Contains("![x](", StringComparison.Ordinal));
        Assert.DoesNotContain(report, line => line.Any(letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) == System.Globalization.UnicodeCategory.Format));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Html_HostileText_AddsNoElement(string text)
    {
        var plain = ReportHtml.Write(RunReport.Of(Sources(Samples.Failover())));

        var html = ReportHtml.Write(RunReport.Of(Infected(text)));

        Assert.Equal(Elements(plain), Elements(html));
        Assert.DoesNotContain(html, letter => char.IsControl(letter) && letter != '\n');
    }

    [Fact]
    public void Html_NeedsNothingElseAndForbidsTheRest()
    {
        var html = ReportHtml.Write(RunReport.Of(Sources(Samples.Failover())));

        Assert.StartsWith("<!doctype html>\n", html, StringComparison.Ordinal);
        Assert.Contains("content=\"default-src 'none'; style-src 'unsafe-inline'\"", html, StringComparison.Ordinal);
        foreach (var outside in new[] { "<script", "src=", "href=", "@import", "url(", "http://", "https://", " on" + "click" })
        {
            Assert.DoesNotContain(outside, html, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("prefers-color-scheme:dark", html, StringComparison.Ordinal);
        Assert.Contains("@media print", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_IsWellFormed()
    {
        // Void elements apart, it is XML: every element that is opened is closed in order.
        var html = ReportHtml.Write(RunReport.Of(Sources(Samples.Failover()))).Replace("<!doctype html>", "", StringComparison.Ordinal);

        var page = System.Xml.Linq.XDocument.Parse(System.Text.RegularExpressions.Regex.Replace(html, "(<meta [^>]*)>", "$1/>"));

        Assert.Equal(
            ["Findings", "Verdict at the start", "Decisions of people", "Steps", "Timeline", "Evidence"],
            page.Descendants("h2").Select(heading => heading.Value));
        Assert.Equal(3, page.Descendants("div").Count(div => (string?)div.Attribute("class") == "track"));
    }

    private static string Markdown(IReadOnlyList<JournalEntry> journal) => ReportMarkdown.Write(RunReport.Of(
        new ReportSources(RunViews.Of(journal), journal, EvidenceVerification.Verify(new RunEvidence("shop-run-1", journal)))));

    private static ReportSources Sources(IReadOnlyList<JournalEntry> journal, string? text = null)
    {
        var at = journal[0].At;
        return new ReportSources(RunViews.Of(journal), journal, EvidenceVerification.Verify(new RunEvidence("shop-run-1", journal)))
        {
            Incident = new IncidentRecord(
                1, text ?? "7", "shop", IncidentState.Closed, at, at, ["a", "b"], "v1",
                new Verdict(Decision.Start, [new Rule(text ?? "primaryDown", true, text ?? "no answer", text ?? "no answer")], true),
                at.AddSeconds(-10), "shop-run-1", at, null),
            Decisions =
            [
                new DecisionRecord(1, "shop-run-1", 1, 0, DecisionKind.Approve, Person(text ?? "alice"), at.AddSeconds(20), text ?? "it is lost"),
                new DecisionRecord(1, "shop-run-1", null, 0, DecisionKind.Override, Person(text ?? "bob"), at.AddSeconds(21), text ?? "the boss said so") { Rule = text ?? "dataLoss" },
            ],
            Estimates = new Dictionary<string, StepEstimate>
            {
                ["fence"] = new(TimeSpan.FromSeconds(9), EstimateSource.PastRuns, 3),
                ["restore"] = new(TimeSpan.FromMinutes(10), EstimateSource.Kind, 0),
            },
        };
    }

    private static CallerIdentity Person(string name) => new(name, CallerRole.None, CallerAuthentication.PersonalKey);

    private static ReportSources Infected(string text) => Sources(
        Samples.Failover(entry => entry with
        {
            Facts = new SortedDictionary<string, string>(entry.Facts.ToDictionary(
                fact => fact.Key,
                fact => fact.Key is "workload" or "runbook" or "reason" or "startedBy" or "planVersion" or "summary" || fact.Key.EndsWith(".name", StringComparison.Ordinal) ? text : fact.Value)),
        }),
        text);

    private static List<string> Elements(string html) =>
        [.. System.Text.RegularExpressions.Regex.Matches(html, "<[^>]*>").Select(match => match.Value)];

    // A bar counts unless an odd number of backslashes stands before it.
    private static int Bars(string line) => Enumerable.Range(0, line.Length)
        .Count(at => line[at] == '|' && line[..at].Reverse().TakeWhile(character => character == '\\').Count() % 2 == 0);
}
