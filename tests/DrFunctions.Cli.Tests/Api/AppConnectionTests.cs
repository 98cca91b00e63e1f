using DrFunctions.Cli.Api;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Api;

public sealed class AppConnectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private StateDirectory State => new(_folder.Path);

    [Fact]
    public void Resolve_WithALocalEnvironment_UsesItsUrlAndKey()
    {
        Describe();

        var connection = AppConnection.Resolve(null, null, State, _ => null);

        Assert.Equal(("http://127.0.0.1:17071/", "local-key", State.Descriptor), (connection.Url.ToString(), connection.Key, connection.KeySource));
    }

    [Fact]
    public void Resolve_WithAnotherUrl_NeverSendsTheLocalKeyThere()
    {
        Describe();

        var failure = Assert.Throws<CliException>(() => AppConnection.Resolve("https://shop.example.net", null, State, _ => null));

        Assert.Equal("SettingMissing", failure.Code);
        Assert.Equal("No function key is given for https://shop.example.net/.", failure.Message);
    }

    [Fact]
    public void Resolve_WithOptionsAndVariables_PrefersTheOptions()
    {
        var connection = AppConnection.Resolve("http://a.example", "option", State, name => name == "DR_URL" ? "http://b.example" : "variable");

        Assert.Equal(("http://a.example/", "option", "--key"), (connection.Url.ToString(), connection.Key, connection.KeySource));
    }

    [Fact]
    public void Resolve_WithVariables_UsesThem()
    {
        var connection = AppConnection.Resolve(null, null, State, name => name == "DR_URL" ? "http://b.example" : "variable");

        Assert.Equal(("http://b.example/", "variable", "DR_KEY"), (connection.Url.ToString(), connection.Key, connection.KeySource));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("ftp://a.example")]
    public void Resolve_WithSomethingElseThanAWebAddress_IsBadInput(string url)
    {
        var failure = Assert.Throws<CliException>(() => AppConnection.Resolve(url, "k", State, _ => null));

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

        var failure = Assert.Throws<CliException>(() => AppConnection.Resolve(null, null, State, _ => null));

        Assert.Contains("Delete it", failure.Hint, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Describe() => new EnvironmentDescriptor(
        1, 1, new Uri("http://127.0.0.1:17071/"), "local-key", "m", "e", new Uri("https://127.0.0.1:17043/"), "127.0.0.1:17053",
        new Uri("http://127.0.0.1:17090/"), new Uri("http://shop.trafficmanager.net:17080/health"), new Dictionary<string, string>())
        .Write(State.Descriptor);
}
