using System.Text;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Tests.Journal;

namespace DrFunctions.Recovery.Tests.Evidence;

public sealed class EvidenceChainTests
{
    private static readonly IReadOnlyList<JournalEntry> s_journal = Samples.Failover();

    [Fact]
    public void Verify_AnUntouchedJournal_IsIntact() =>
        Assert.Equal(new EvidenceCheck(true, 8, $"8 entries, last hash {s_journal[7].Hash}"), EvidenceChain.Verify(s_journal));

    [Fact]
    public void Verify_NoEntry_IsNotIntact() => Assert.Equal(new EvidenceCheck(false, 0, "there is no entry"), EvidenceChain.Verify([]));

    [Fact]
    public void Verify_APrefix_IsNotIntact()
    {
        for (var length = 1; length < s_journal.Count; length++)
        {
            Assert.Equal(
                new EvidenceCheck(false, length, "the journal has no end: entries are missing, or the run is not over"),
                EvidenceChain.Verify([.. s_journal.Take(length)]));
        }
    }

    [Fact]
    public void Verify_AnyEntryRemovedMovedOrDoubled_NamesTheFirstFault()
    {
        for (var at = 0; at < s_journal.Count - 1; at++)
        {
            Assert.Equal((false, at), Result([.. s_journal.Take(at), .. s_journal.Skip(at + 1)]));
            Assert.Equal((false, at), Result([.. s_journal.Take(at), s_journal[at + 1], s_journal[at], .. s_journal.Skip(at + 2)]));
            Assert.Equal((false, at + 1), Result([.. s_journal.Take(at + 1), .. s_journal.Skip(at)]));
        }
    }

    [Fact]
    public void Verify_AnyFieldChanged_NamesTheEntry()
    {
        Func<JournalEntry, JournalEntry>[] changes =
        [
            entry => entry with { Schema = 2 },
            entry => entry with { RunId = "shop-run-2" },
            entry => entry with { Sequence = 99 },
            entry => entry with { Kind = entry.Kind == JournalKind.StepFailed ? JournalKind.StepCompleted : JournalKind.StepFailed },
            entry => entry with { At = entry.At + TimeSpan.FromTicks(1) },
            entry => entry with { At = entry.At.ToOffset(TimeSpan.FromHours(1)) },
            entry => entry with { Step = 7 },
            entry => entry with { Facts = new(entry.Facts) { ["more"] = "" } },
            entry => entry with { Facts = entry.Facts.Count == 0 ? new() { ["x"] = "y" } : [] },
            entry => entry with { Previous = new string('1', 64) },
            entry => entry with { Hash = new string('1', 64) },
            entry => entry with { Hash = entry.Hash!.ToUpperInvariant() },
            entry => entry with { Hash = null },
        ];
        for (var at = 0; at < s_journal.Count; at++)
        {
            foreach (var change in changes)
            {
                var (isIntact, found) = Result([.. s_journal.Select((entry, index) => index == at ? change(entry) : entry)]);
                Assert.False(isIntact);
                Assert.InRange(found, at == 0 ? 0 : at, at == 0 ? 1 : at);
            }
        }
    }

    [Fact]
    public void Verify_AnEntrySealedAgain_BreaksTheChainBehindIt()
    {
        for (var at = 0; at < s_journal.Count - 1; at++)
        {
            var forged = (s_journal[at] with { At = s_journal[at].At - TimeSpan.FromHours(1) }).Sealed();

            Assert.Equal(
                new EvidenceCheck(false, at + 1, $"entry {at + 1} is not chained to the one before it"),
                EvidenceChain.Verify([.. s_journal.Select((entry, index) => index == at ? forged : entry)]));
        }
    }

    [Fact]
    public void Verify_EntriesBehindTheEnd_AreAFault()
    {
        var longer = Samples.Chain([.. s_journal, Samples.Draft(8, JournalKind.StepStarted, 3), Samples.Draft(9, JournalKind.RunEnded)]);

        Assert.Equal(new EvidenceCheck(false, 7, "entry 7 ends the run, and others follow"), EvidenceChain.Verify(longer));
    }

    [Fact]
    public void Verify_AnyByteFlippedInTheDocuments_IsFoundOrChangesNothing()
    {
        var harmless = 0;
        for (var at = 0; at < s_journal.Count; at++)
        {
            var original = DocumentJson.Write(s_journal[at]).ToArray();
            for (var position = 0; position < original.Length; position++)
            {
                var bytes = original.ToArray();
                bytes[position] ^= 0x20;
                JournalEntry entry;
                try
                {
                    entry = DocumentJson.Read<JournalEntry>("k", new Document(bytes, "1"));
                }
                catch (RecoveryException exception)
                {
                    Assert.Equal("DocumentUnreadable", exception.Code);
                    continue;
                }

                if (EvidenceChain.Verify([.. s_journal.Select((one, index) => index == at ? entry : one)]).IsIntact)
                {
                    // Names of members and kinds are read ignoring case: nothing that is said has changed.
                    Assert.Equal(Encoding.UTF8.GetString(original), Encoding.UTF8.GetString(DocumentJson.Write(entry).Span));
                    harmless++;
                }
            }
        }

        Assert.True(harmless < 8 * 80, $"{harmless} flips were not seen");
    }

    private static (bool IsIntact, int At) Result(IReadOnlyList<JournalEntry> entries)
    {
        var check = EvidenceChain.Verify(entries);
        return (check.IsIntact, check.At);
    }
}
