using DrFunctions.Recovery;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.App.Backups;

public sealed class FunctionTimeoutTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Theory]
    [InlineData("{}", 30)]
    [InlineData("""{ "functionTimeout": "01:30:00" }""", 90)]
    [InlineData("""{ /* as long as it takes */ "functionTimeout": "-1", }""", 90)]
    [InlineData("""{ "functionTimeout": -1 }""", 90)]
    public void Read_HostFile_IsFollowed(string host, int minutes)
    {
        File.WriteAllText(file, host);

        var timeout = FunctionTimeout.Read(new ConfigurationBuilder().Build(), file);

        Assert.Equal(TimeSpan.FromMinutes(minutes), timeout.Value);
        Assert.Equal(TimeSpan.FromMinutes(minutes) / 6, timeout.ShardBudget);
    }

    [Fact]
    public void Read_NoHostFile_IsWhatPlansUsuallyHave() =>
        Assert.Equal(TimeSpan.FromMinutes(30), FunctionTimeout.Read(new ConfigurationBuilder().Build(), file + ".none").Value);

    [Fact]
    public void Read_Setting_StandsForTheFile()
    {
        File.WriteAllText(file, """{ "functionTimeout": "01:30:00" }""");

        Assert.Equal(TimeSpan.FromMinutes(5), FunctionTimeout.Read(With("00:05:00"), file).Value);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("00:00:00")]
    [InlineData("-00:01:00")]
    public void Read_NoTime_IsRefused(string text)
    {
        var error = Assert.Throws<RecoveryException>(() => FunctionTimeout.Read(With(text), file));

        Assert.Equal($"AzureFunctionsJobHost__functionTimeout: '{text}', expected a time span such as 00:30:00, or -1 for no limit.", error.Message);
    }

    private static IConfiguration With(string timeout) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("AzureFunctionsJobHost:functionTimeout", timeout)]).Build();
}
