using System.Text;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Locks;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Documents;

public sealed class DocumentJsonTests
{
    private const string Run =
        """{"runId":"r","workload":"shop","runbook":"failover","mode":"unplanned","planVersion":"v1","startedBy":{"name":"ops","roles":"operator","authentication":"personalKey"},"reason":"why","detectedAt":"2026-03-01T03:00:00+00:00"}""";

    [Fact]
    public void Read_WhatWasWrittenWithoutItsNulls_IsTheSame()
    {
        var held = new WorkloadLock(1, 7, LockState.Held, new RecoveryScene().Request(), MovableClock.Start, null);

        var json = DocumentJson.Write(held);

        Assert.DoesNotContain("null", Encoding.UTF8.GetString(json.Span), StringComparison.Ordinal);
        Assert.Equal(held, DocumentJson.Read<WorkloadLock>("k", new Document(json, "1")));
    }

    [Theory]
    [InlineData("""{"schema":1,"epoch":7,"state":"held","takenAt":"2026-03-01T03:00:00+00:00"}""", "run")]
    [InlineData($$"""{"schema":1,"epoch":7,"state":"held","run":{{Run}}}""", "takenAt")]
    [InlineData($$"""{"schema":1,"state":"held","run":{{Run}},"takenAt":"2026-03-01T03:00:00+00:00"}""", "epoch")]
    [InlineData("""{"schema":1,"epoch":7,"state":"held","run":null,"takenAt":"2026-03-01T03:00:00+00:00"}""", "'Run'")]
    [InlineData("""{"schema":1,"epoch":7,"state":"stolen"}""", "$.state")]
    public void Read_WhatLacksAMember_NamesDocumentAndMember(string json, string member)
    {
        var exception = Assert.Throws<RecoveryException>(
            () => DocumentJson.Read<WorkloadLock>("locks/shop", new Document(Encoding.UTF8.GetBytes(json), "1")));

        Assert.Equal("DocumentUnreadable", exception.Code);
        Assert.StartsWith("The document 'locks/shop' is not a readable WorkloadLock: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(member, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AMemberFromTheFuture_IsPassedOver() =>
        Assert.Equal(7, DocumentJson.Read<WorkloadLock>("k", new Document(
            Encoding.UTF8.GetBytes($$"""{"schema":1,"epoch":7,"state":"released","run":{{Run}},"takenAt":"2026-03-01T03:00:00+00:00","new":{} }"""), "1")).Epoch);
}
