using System.Text;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Journal;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Recovery.Tests.Journal;

public sealed class JournalEntryTests
{
    // The format of journals on disk. Additive changes only: these lines must stay readable and intact for ever.
    private static readonly string[] s_golden =
    [
        """{"schema":1,"runId":"shop-run-1","sequence":0,"kind":"runStarted","at":"2026-03-01T03:00:00+00:00","facts":{"reason":"fire \u0026 water","workload":"shop"},"previous":"0000000000000000000000000000000000000000000000000000000000000000","hash":"01d04bd5e87bd76c0c2931d51f5d7fa7bcfb334721ecaa164c82b567d1f7488c"}""",
        """{"schema":1,"runId":"shop-run-1","sequence":1,"kind":"stepStarted","at":"2026-03-01T03:00:10+00:00","step":0,"facts":{},"previous":"01d04bd5e87bd76c0c2931d51f5d7fa7bcfb334721ecaa164c82b567d1f7488c","hash":"9c406a46d94f5f7a44b7b5eda0144fd04f0a450a23003313ff2a3324de7d594a"}""",
        """{"schema":1,"runId":"shop-run-1","sequence":2,"kind":"stepCompleted","at":"2026-03-01T03:00:20+00:00","step":0,"facts":{"a":"1","b":"\u00E9"},"previous":"9c406a46d94f5f7a44b7b5eda0144fd04f0a450a23003313ff2a3324de7d594a","hash":"136f2a8991ce292791f048626e3eb304044b6d512bd95dcc5e5b4a48615dd961"}""",
        """{"schema":1,"runId":"shop-run-1","sequence":3,"kind":"runEnded","at":"2026-03-01T03:00:30+00:00","facts":{"state":"Completed"},"previous":"136f2a8991ce292791f048626e3eb304044b6d512bd95dcc5e5b4a48615dd961","hash":"5622ae1898c23309f9b349f97daef9d380d71d042f4c7eb912f170bd73e64719"}""",
    ];

    [Fact]
    public void Golden_OldJournal_IsReadAndIntact()
    {
        var entries = s_golden.Select((line, index) => DocumentJson.Read<JournalEntry>($"{index}", new Document(Encoding.UTF8.GetBytes(line), "1"))).ToList();

        Assert.Equal(new EvidenceCheck(true, 4, "4 entries, last hash 5622ae1898c23309f9b349f97daef9d380d71d042f4c7eb912f170bd73e64719"), EvidenceChain.Verify(entries));
        Assert.Equal(["runStarted", "stepStarted", "stepCompleted", "runEnded"], entries.Select(entry => char.ToLowerInvariant($"{entry.Kind}"[0]) + $"{entry.Kind}"[1..]));
        Assert.Equal(("fire & water", "é", null), (entries[0].Fact("reason"), entries[2].Fact("b"), entries[2].Fact("c")));
    }

    [Fact]
    public void Golden_TheSameJournalWrittenNow_IsTheSameText()
    {
        var entries = Samples.Chain(
            Samples.Draft(0, JournalKind.RunStarted, null, ("workload", "shop"), ("reason", "fire & water")),
            Samples.Draft(1, JournalKind.StepStarted, 0),
            Samples.Draft(2, JournalKind.StepCompleted, 0, ("b", "é"), ("a", "1")),
            Samples.Draft(3, JournalKind.RunEnded, null, ("state", "Completed")));

        Assert.Equal(s_golden, entries.Select(entry => Encoding.UTF8.GetString(DocumentJson.Write(entry).Span)));
    }

    [Fact]
    public void Hash_AnyFacts_SurvivesTheRoundTrip() => Prop.ForAll<Dictionary<NonNull<string>, string?>>(facts =>
    {
        var entry = Samples.Draft(0, JournalKind.RunStarted, null, [.. facts.Select(fact => (fact.Key.Get, fact.Value ?? ""))]).Sealed();

        var read = DocumentJson.Read<JournalEntry>("k", new Document(DocumentJson.Write(entry), "1"));

        return read.Hash == entry.Hash && read.ComputeHash() == entry.Hash;
    }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Hash_TheOrderOfFacts_DoesNotMatter()
    {
        var entry = Samples.Draft(0, JournalKind.RunStarted, null, ("a", "1"), ("B", "2"), ("b", "3"));
        var reversed = entry with { Facts = new SortedDictionary<string, string>(entry.Facts, Comparer<string>.Create((x, y) => string.CompareOrdinal(y, x))) };

        Assert.Equal(entry.ComputeHash(), reversed.ComputeHash());
    }
}
