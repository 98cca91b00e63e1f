using DrFunctions.Cli.Demo;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Demo;

public sealed class SampleDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Write_OfTheSameSize_MakesTheSameBytes()
    {
        var first = await MakeAsync("one", 30_000_000);
        var second = await MakeAsync("two", 30_000_000);

        Assert.Equal(first.Files, second.Files);
        Assert.Equal(30_000_000, first.Bytes);
        Assert.Contains(first.Files, file => file.Length == 0);
        Assert.Contains(first.Files, file => file.Length > 20_000_000);
    }

    [Fact]
    public async Task OfDirectory_WithoutFiles_IsBadInput()
    {
        var failure = await Assert.ThrowsAsync<CliException>(() => DataSet.OfDirectoryAsync(_folder.Path, CancellationToken.None));

        Assert.Equal($"The directory {_folder.Path} holds no files.", failure.Message);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<DataSet> MakeAsync(string name, long bytes)
    {
        var directory = _folder.Combine(name);
        Directory.CreateDirectory(directory);
        await SampleData.WriteAsync(directory, bytes, CancellationToken.None);
        return await DataSet.OfDirectoryAsync(directory, CancellationToken.None);
    }
}
