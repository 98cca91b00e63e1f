using Xunit;

namespace DrFunctions.Testing.Emulators;

/// <summary>
/// One emulator for the tests of a class (<c>IClassFixture&lt;AzuriteFixture&gt;</c>) or of a collection that the test project defines.
/// In memory; two accounts, <c>westeurope</c> and <c>northeurope</c>. Tests take a container each and never stop it.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private Azurite? server;

    /// <summary>The emulator.</summary>
    public Azurite Server => server ?? throw new InvalidOperationException("The fixture is not initialized.");

    /// <inheritdoc/>
    public async Task InitializeAsync() =>
        server = await Azurite.StartAsync(new AzuriteOptions { Accounts = ["westeurope", "northeurope"], InMemory = true });

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
