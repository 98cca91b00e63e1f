using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.LocalRuntime.Tests.Durable.Storage;

public sealed class MemoryHubStoreTests : HubStoreConformance
{
    private protected override Task<IHubStore> OpenAsync() => Task.FromResult<IHubStore>(new MemoryHubStore());
}
