using DrFunctions.Cli.LocalEnvironments;

namespace DrFunctions.Cli.Tests.LocalEnvironments;

public sealed class FunctionAppLocationTests
{
    [Fact]
    public void Find_FromTheTestsOwnFolder_FindsTheBuiltApp()
    {
        var path = FunctionAppLocation.Find();

        Assert.Equal("DrFunctions.dll", Path.GetFileName(path));
        Assert.True(File.Exists(path));
    }
}
