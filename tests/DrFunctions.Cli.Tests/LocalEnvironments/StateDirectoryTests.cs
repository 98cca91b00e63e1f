using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.LocalEnvironments;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Take_WhileAnotherHoldsIt_SaysSo()
    {
        var state = new StateDirectory(_folder.Combine("state"));
        using var first = state.Take();

        var failure = Assert.Throws<CliException>(() => state.Take());

        Assert.Equal("StateInUse", failure.Code);
        Assert.Contains(state.Path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_AfterTheHolderLetGo_Succeeds()
    {
        var state = new StateDirectory(_folder.Combine("state"));
        state.Take().Dispose();

        using var second = state.Take();

        Assert.NotNull(second);
    }

    [Fact]
    public void Begin_RemovesWhatWasThere()
    {
        var directory = _folder.Combine("data");
        Directory.CreateDirectory(Path.Combine(directory, "old"));

        StateDirectory.Begin(directory);

        Assert.Empty(Directory.GetFileSystemEntries(directory));
    }

    public void Dispose() => _folder.Dispose();
}
