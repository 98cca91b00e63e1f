using DrFunctions.Recovery.Documents;

namespace DrFunctions.Cloud.Tests.Documents;

public sealed class MemoryDocumentStoreTests : DocumentStoreConformance
{
    protected override IDocumentStore Store { get; } = new MemoryDocumentStore();
}
