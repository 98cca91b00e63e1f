using DrFunctions.Cli.Api;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Api;

public sealed class AppConnectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private StateDirectory State => new(_folder.Path);

    [Fact]
    public void Resolve_WithALocalEnvironment_UsesItsUrlAndKeys()
    {
        Describe();

        Assert.Equal(
            new AppConnection(new Uri("http://127.0.0.1:17071/"), "local-function", "local-key", State.Descriptor),
            AppConnection.Resolve(null, State, _ => null));
    }

    [Theory]
    [InlineData(null, "No function key is given for https://shop.example.net/.")]
    [InlineData("DR_FUNCTION_KEY", "No personal key is given for https://shop.example.net/.")]
    public void Resolve_WithAnotherUrl_NeverSendsKeysThatAreForOthersThere(string? given, string expected)
    {
        Describe();
        Keep("""{"url":"https://other.example.net","functionKey":"f","key":"k"}""");

        var failure = Assert.Throws<CliException>(() => AppConnection.Resolve("https://shop.example.net", State, Variables((given ?? "X", "x"))));

        Assert.Equal(("SettingMissing", expected), (failure.Code, failure.Message));
        Assert.Contains(ConfigPath, failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_WithVariables_PrefersThem()
    {
        Describe();
        Keep("""{"url":"http://b.example","functionKey":"f","key":"k"}""");

        Assert.Equal(
            new AppConnection(new Uri("http://b.example/"), "variable-f", "variable-k", "DR_KEY"),
            AppConnection.Resolve(null, State, Variables(("DR_FUNCTION_KEY", "variable-f"), ("DR_KEY", "variable-k"))));
    }

    [Fact]
    public void Resolve_WithAPersonalFile_UsesItForItsApp()
    {
        Keep("""{"url":"https://b.example/","functionKey":"f","key":"k"}""");

        Assert.Equal(new AppConnection(new Uri("https://b.example/"), "f", "k", ConfigPath), AppConnection.Resolve("https://b.example", State, Variables()));
    }

    [Fact]
    public void Resolve_WithAPersonalFileThatOthersCanRead_Refuses()
    {
        Keep("""{"url":"https://b.example/","functionKey":"f","key":"k"}""");
        File.SetUnixFileMode(ConfigPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var failure = Assert.Throws<CliException>(() => AppConnection.Resolve(null, State, Variables()));

        Assert.Equal(("BadInput", $"chmod 600 {ConfigPath}"), (failure.Code, failure.Hint));
    }

    [Theory]
    [InlineData("""{"key":"a-secret"}""")]
    [InlineData("a-secret")]
    public void Resolve_WithADamagedPersonalFile_SaysWhatIsExpectedAndShowsNoKey(string text)
    {
        Keep(text);

        var failure = Assert.Throws<CliException>(() => AppConnection.Resolve(null, State, Variables()));

        Assert.Equal(("BadInput", $"{ConfigPath} cannot be read."), (failure.Code, failure.Message));
        Assert.DoesNotContain("a-secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("ftp://a.example")]
    public void Resolve_WithSomethingElseThanAWebAddress_IsBadInput(string url)
    {
        var failure = Assert.Throws<CliException>(() => AppConnection.Resolve(url, State, _ => null));

        Assert.Equal("BadInput", failure.Code);
        Assert.Contains($"'{url}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Descriptor_IsReadableByItsOwnerOnly()
    {
        Describe();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(State.Descriptor));
        Assert.Equal("local-key", EnvironmentDescriptor.TryRead(State.Descriptor)?.Key);
    }

    [Fact]
    public void Descriptor_ThatIsDamaged_SaysWhatToDo()
    {
        File.WriteAllText(State.Descriptor, "{");

        var failure = Assert.Throws<CliException>(() => AppConnection.Resolve(null, State, _ => null));

        Assert.Contains("Delete it", failure.Hint, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string ConfigPath => Path.Combine(_folder.Path, "config.json");

    private void Keep(string text)
    {
        File.WriteAllText(ConfigPath, text);
        File.SetUnixFileMode(ConfigPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private Func<string, string?> Variables(params (string Name, string Value)[] variables) =>
        name => name == "DR_CONFIG" ? ConfigPath : variables.FirstOrDefault(each => each.Name == name).Value;

    private void Describe() => new EnvironmentDescriptor(
        1, 1, new Uri("http://127.0.0.1:17071/"), "local-function", "local-key", "approver-key", "m", "e", new Uri("https://127.0.0.1:17043/"), "127.0.0.1:17053",
        new Uri("http://127.0.0.1:17090/"), new Uri("http://shop.trafficmanager.net:17080/health"), new Dictionary<string, string>())
        .Write(State.Descriptor);
}
