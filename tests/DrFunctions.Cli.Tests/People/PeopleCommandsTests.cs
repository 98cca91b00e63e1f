using System.Text.Json;
using DrFunctions.Recovery.People;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.People;

public sealed class PeopleCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string PeopleFile => Path.Combine(_folder.Path, "people.json");

    [Fact]
    public async Task Add_ShowsTheKeyOnce_AndKeepsItsHashOnly()
    {
        var added = await RunAsync("add", "ann", "--role", "operator", "--role", "approver", "--json");

        var key = JsonElement.Parse(added.Output).GetProperty("key").GetString()!; // it is always there
        Assert.Equal(ExitCodes.Success, added.Code);
        Assert.DoesNotContain(key, File.ReadAllText(PeopleFile), StringComparison.Ordinal);
        Assert.Equal(
            new CallerIdentity("ann", CallerRole.Operator | CallerRole.Approver, CallerAuthentication.PersonalKey), Known().Find(key));
        var list = await RunAsync("list");
        Assert.Contains("operator, approver", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(PersonalKeys.Hash(key), list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_KeepsTheNewestKeyUntilItIsToldNotTo()
    {
        var first = await KeyAsync("add", "ann", "--role", "reader");
        var second = await KeyAsync("rotate", "ann");
        var third = await KeyAsync("rotate", "ann");
        Assert.Equal([false, true, true], new[] { first, second, third }.Select(key => Known().Find(key) is not null));

        var last = await KeyAsync("rotate", "ann", "--replace");
        Assert.Equal([false, false, true], new[] { second, third, last }.Select(key => Known().Find(key) is not null));
    }

    [Fact]
    public async Task Remove_MakesTheKeyNobodys()
    {
        var key = await KeyAsync("add", "ann", "--role", "reader");

        Assert.Equal(ExitCodes.Success, (await RunAsync("remove", "ann")).Code);

        Assert.Null(Known().Find(key));
        Assert.True(Known().IsEmpty);
    }

    [Theory]
    [InlineData("'A b'", "add", "A b", "--role", "reader")]
    [InlineData("'king', expected one of reader, operator, approver, alertSource", "add", "eve", "--role", "king")]
    [InlineData("has 'ann' already", "add", "ANN", "--role", "reader")]
    [InlineData("Required", "add", "eve")]
    public async Task Mistake_IsNamed_AndChangesNothing(string expected, params string[] args)
    {
        await KeyAsync("add", "ann", "--role", "reader");
        var before = File.ReadAllText(PeopleFile);

        var outcome = await RunAsync(args);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Contains(expected, outcome.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, File.ReadAllText(PeopleFile));
    }

    [Fact]
    public async Task Unknown_Person_IsNotFound()
    {
        Assert.Equal(ExitCodes.NotFound, (await RunAsync("rotate", "nobody")).Code);
        Assert.Equal(ExitCodes.NotFound, (await RunAsync("remove", "nobody")).Code);
        Assert.False(File.Exists(PeopleFile));
    }

    public void Dispose() => _folder.Dispose();

    private KnownPeople Known() => new(PeopleList.Read(File.ReadAllText(PeopleFile), out _));

    private async Task<string> KeyAsync(params string[] args) =>
        JsonElement.Parse((await RunAsync([.. args, "--json"])).Output).GetProperty("key").GetString()!; // it is always there

    private Task<DrOutcome> RunAsync(params string[] args) => Dr.RunAsync(["people", .. args, "--file", PeopleFile]);
}
