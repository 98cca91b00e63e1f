using System.Text;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Tests.People;

public sealed class DecisionLogTests
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly MemoryDocumentStore _documents = new();

    [Fact]
    public async Task Add_TwiceByOnePerson_KeepsTheFirst()
    {
        var log = new DecisionLog(_documents);
        var first = Decision("ann");

        Assert.Equal((first, true), await log.AddAsync(first, default));
        Assert.Equal((first, false), await log.AddAsync(first with { At = At.AddMinutes(1), Reason = "second thoughts" }, default));

        Assert.Equal([first], await log.ReadAsync("shop-run-1", default));
    }

    [Fact]
    public async Task Add_ByManyAtOnce_KeepsOneOfEach()
    {
        var log = new DecisionLog(_documents);

        var added = await Task.WhenAll(Enumerable.Range(0, 60).Select(each => Task.Run(
            () => log.AddAsync(Decision($"person{each % 6}") with { Reason = $"{each}" }, default))));

        Assert.Equal(6, added.Count(each => each.IsNew));
        Assert.Equal(6, (await log.ReadAsync("shop-run-1", 3, 7, default)).Count);
    }

    [Fact]
    public async Task Read_OfAnOccasion_HasNoOther()
    {
        var log = new DecisionLog(_documents);
        var cancel = Decision("ann") with { Step = null, Occasion = 0, Kind = DecisionKind.Cancel };
        var later = Decision("ann") with { At = At.AddMinutes(2) };
        var earlier = Decision("bob");
        foreach (var decision in new[] { Decision("eve") with { Step = 4 }, Decision("ann") with { Occasion = 70 }, later, earlier, cancel })
        {
            Assert.True((await log.AddAsync(decision, default)).IsNew);
        }

        Assert.Equal([earlier, later], await log.ReadAsync("shop-run-1", 3, 7, default));
        Assert.Equal([cancel], await log.ReadAsync("shop-run-1", null, 0, default));
        Assert.Equal(5, (await log.ReadAsync("shop-run-1", default)).Count);
        Assert.Empty(await log.ReadAsync("shop-run", default));
    }

    [Fact]
    public async Task Document_IsReadableByOthers()
    {
        await new DecisionLog(_documents).AddAsync(
            Decision("ann@contoso.com") with { By = Person("ann@contoso.com") with { ObjectId = "1" }, Rule = "dataLoss", Kind = DecisionKind.Override },
            default);

        const string Key = "runs/shop-run-1/decisions/003/000007/override-dataloss-ann@contoso~2ecom";
        var document = await _documents.ReadAsync(Key, default);
        Assert.Equal(
            """
            {"schema":1,"runId":"shop-run-1","step":3,"occasion":7,"kind":"override","by":{"name":"ann@contoso.com","roles":"operator, approver","authentication":"personalKey","objectId":"1"},"at":"2030-01-01T12:00:00+00:00","reason":"because","rule":"dataLoss"}
            """,
            Encoding.UTF8.GetString(document!.Content.Span)); // it was written under this key
    }

    [Theory]
    [InlineData("ann", "ann")]
    [InlineData("a.b@c-d_e", "a~2eb@c-d_e")]
    [InlineData("a#ext#", "a~23ext~23")]
    [InlineData("a~2e", "a~7e2e")]
    public void Name_AsAKeyPart_IsUnambiguousAndAllowed(string name, string expected)
    {
        Assert.Equal(expected, CallerName.ToKeyPart(name));
        Assert.Equal(expected, DocumentKey.Validate(CallerName.ToKeyPart(name)));
    }

    [Theory]
    [InlineData("ann", true)]
    [InlineData("ann_example.com#ext#@contoso.onmicrosoft.com", true)]
    [InlineData("o'brien+dr@contoso.com", true)]
    [InlineData("", false)]
    [InlineData("Ann", false)]
    [InlineData("a b", false)]
    [InlineData("ann\n", false)]
    [InlineData("../ann", false)]
    [InlineData("аnn", false)] // the first letter is Cyrillic
    public void Name_IsValidated(string name, bool expected)
    {
        Assert.Equal(expected, CallerName.IsValid(name));
        Assert.False(CallerName.IsValid(new string('a', 101)));
    }

    [Theory]
    [InlineData(CallerRole.Reader, CallerRole.Reader)]
    [InlineData(CallerRole.Operator, CallerRole.Reader | CallerRole.Operator)]
    [InlineData(CallerRole.Approver, CallerRole.Reader | CallerRole.Approver)]
    [InlineData(CallerRole.AlertSource, CallerRole.AlertSource)]
    [InlineData(CallerRole.None, CallerRole.None)]
    public void Role_AllowsWhatItSays(CallerRole held, CallerRole allowed)
    {
        foreach (var role in new[] { CallerRole.Reader, CallerRole.Operator, CallerRole.Approver, CallerRole.AlertSource })
        {
            Assert.Equal(allowed.HasFlag(role), held.Allow(role));
            Assert.True(CallerRoles.TryParse(role.Name().ToUpperInvariant(), out var parsed));
            Assert.Equal(role, parsed);
        }
    }

    private static CallerIdentity Person(string name) =>
        new(name, CallerRole.Operator | CallerRole.Approver, CallerAuthentication.PersonalKey);

    private static DecisionRecord Decision(string name) => new(1, "shop-run-1", 3, 7, DecisionKind.Approve, Person(name), At, "because");
}
