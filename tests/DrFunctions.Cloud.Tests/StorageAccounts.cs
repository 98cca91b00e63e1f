using DrFunctions.Testing.Emulators;

namespace DrFunctions.Cloud.Tests;

/// <summary>One emulator with the accounts westeurope and northeurope for all tests of documents.</summary>
[CollectionDefinition(Name)]
public sealed class StorageAccounts : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "Storage accounts";
}
