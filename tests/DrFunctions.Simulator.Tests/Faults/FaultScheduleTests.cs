using DrFunctions.Simulator.Faults;

namespace DrFunctions.Simulator.Tests.Faults;

public sealed class FaultScheduleTests : IDisposable
{
    private static readonly FaultQuery Request = new(FaultTarget.ResourceManager)
    {
        Method = "PUT",
        Path = "/subscriptions/s/providers/Microsoft.Web/sites/one",
        ResourceType = "Microsoft.Web/sites",
    };

    private readonly VirtualTime _time = new();
    private readonly FaultSchedule _schedule;

    public FaultScheduleTests() => _schedule = new FaultSchedule(_time, "westeurope", "northeurope");

    public void Dispose() => _schedule.Dispose();

    [Fact]
    public void Take_NthOccurrence_PassesStrikesAndIsUsedUp()
    {
        _schedule.Add([Drop with { Id = "third", Skip = 2, Count = 2 }]);

        Assert.Equal([null, null, "third", "third", null], Enumerable.Range(0, 5).Select(_ => _schedule.Take(Request)?.Id));
        var state = Assert.Single(_schedule.States);
        Assert.Equal((FaultStatus.UsedUp, 4, 2), (state.Status, state.Met, state.Hits));
    }

    [Fact]
    public void Take_OnATimeline_StrikesFromAtToItsEnd()
    {
        _schedule.Add([
            Drop with { Id = "for", At = Seconds(10), For = Seconds(5) },
            Drop with { Id = "until", At = Seconds(20), Until = Seconds(21) },
        ]);

        var struck = new List<(int, string)>();
        for (var second = 0; second < 30; second++)
        {
            if (_schedule.Take(Request) is { } hit)
            {
                struck.Add((second, hit.Id));
            }

            _time.Advance(Seconds(1));
        }

        Assert.Equal([(10, "for"), (11, "for"), (12, "for"), (13, "for"), (14, "for"), (20, "until")], struck);
        Assert.All(_schedule.States, state => Assert.Equal(FaultStatus.Over, state.Status));
    }

    [Fact]
    public void Take_HangUsedUp_EndsAtItsTimeNevertheless()
    {
        _schedule.Add([Drop with { Kind = FaultKind.Hang, Count = 1, For = Seconds(5) }]);
        var hit = _schedule.Take(Request)!;
        _time.Advance(Seconds(4));
        Assert.False(hit.Over.IsCancellationRequested);

        _time.Advance(Seconds(1));

        Assert.True(hit.Over.IsCancellationRequested);
    }

    [Fact]
    public void Take_AfterAnotherFault_CountsFromItsFirstHit()
    {
        _schedule.Add([Drop with { Id = "first", Count = 1 }, Drop with { Id = "second", After = "FIRST", At = Seconds(10), Count = 1 }]);
        _time.Advance(Seconds(100));
        Assert.Equal(FaultStatus.Pending, _schedule.States[1].Status);
        Assert.Null(_schedule.States[1].From);

        Assert.Equal("first", _schedule.Take(Request)?.Id);
        Assert.Null(_schedule.Take(Request));
        Assert.Equal(_time.GetUtcNow() + Seconds(10), _schedule.States[1].From);
        _time.Advance(Seconds(10));

        Assert.Equal("second", _schedule.Take(Request)?.Id);
    }

    [Fact]
    public void After_ADarknessThatNobodyMeets_CountsFromItsBegin()
    {
        _schedule.Add([
            Dark with { Id = "dark", At = Seconds(10), For = Seconds(60) },
            new() { Id = "manager", On = FaultTarget.ResourceManager, Kind = FaultKind.Dark, After = "dark", At = Seconds(5) },
            Drop with { Id = "drop", After = "manager", At = Seconds(1) },
        ]);
        var start = _time.GetUtcNow();

        _time.Advance(Seconds(9));
        Assert.Equal([start + Seconds(10), null, null], _schedule.States.Select(state => state.From));
        _time.Advance(Seconds(10));

        Assert.Equal([start + Seconds(10), start + Seconds(15), start + Seconds(16)], _schedule.States.Select(state => state.From));
        Assert.True(_schedule.IsDark(FaultTarget.ResourceManager));
        Assert.All(_schedule.States, state => Assert.Equal(0, state.Hits));
    }

    [Fact]
    public void Darken_WhileAScriptsDarknessIsActive_OutlastsIt()
    {
        _schedule.Add([Dark with { For = Seconds(10) }]);

        _schedule.Darken(FaultTarget.Region, "westeurope");
        _schedule.Darken(FaultTarget.Region, "westeurope");
        _time.Advance(Seconds(20));

        Assert.True(_schedule.IsDark(FaultTarget.Region, "westeurope"));
        Assert.Equal(2, _schedule.States.Count);
        _schedule.Light(FaultTarget.Region, "westeurope");
        Assert.False(_schedule.IsDark(FaultTarget.Region, "westeurope"));
    }

    [Theory]
    [InlineData("GET", "/sites/one", "Microsoft.Web/sites", false)]
    [InlineData("put", "/SITES/one$", "microsoft.web/SITES", true)]
    [InlineData("PUT", "/sites/two$", null, false)]
    [InlineData("PUT", null, "Microsoft.Web/serverfarms", false)]
    [InlineData(null, null, null, true)]
    public void Take_NarrowedFault_MeetsOnlyWhatItNames(string? method, string? path, string? type, bool meets)
    {
        _schedule.Add([Drop with { Method = method, Path = path, ResourceType = type }]);

        Assert.Equal(meets, _schedule.Take(Request) is not null);
    }

    [Fact]
    public void Take_AnotherTargetOrPhase_IsNotMet()
    {
        _schedule.Add([Drop with { Phase = FaultPhase.After }, new() { On = FaultTarget.Dns, Kind = FaultKind.Drop }, Dark]);

        Assert.Null(_schedule.Take(Request));
        Assert.All(_schedule.States, state => Assert.Equal(0, state.Met));
    }

    [Fact]
    public void Changed_TimelineOfDarkness_IsRaisedWhenItBeginsAndCeases()
    {
        var seen = new List<(TimeSpan, bool)>();
        var start = _time.GetUtcNow();
        _schedule.Changed += () => seen.Add((_time.GetUtcNow() - start, _schedule.IsDark(FaultTarget.Region, "WestEurope")));

        _schedule.Add([Dark with { At = Seconds(30), For = TimeSpan.FromDays(100) }]);
        _time.Advance(TimeSpan.FromDays(200));

        Assert.Equal((TimeSpan.Zero, false), seen[0]);
        Assert.Equal((Seconds(30), true), seen[1]);
        Assert.Equal((Seconds(30) + TimeSpan.FromDays(100), false), seen[^1]);
        Assert.False(_schedule.IsDark(FaultTarget.Region, "northeurope"));
    }

    [Fact]
    public void Remove_AFault_FreesWhoHangsOnIt()
    {
        _schedule.Add([Drop with { Kind = FaultKind.Hang, Id = "hang", Count = 1 }]);
        var hit = _schedule.Take(Request)!;
        Assert.False(hit.Over.IsCancellationRequested);

        Assert.True(_schedule.Remove("HANG"));

        Assert.True(hit.Over.IsCancellationRequested);
        Assert.False(_schedule.Remove("hang"));
        Assert.Empty(_schedule.States);
    }

    [Fact]
    public void Add_OneOfTwoIsNotValid_AddsNeitherAndNamesEveryMistake()
    {
        _schedule.Add([Drop with { Id = "taken" }]);

        var exception = Assert.Throws<FaultException>(() => _schedule.Add([
            Drop,
            Drop with { Id = "Taken", Name = "x", Skip = -1, Status = 500 },
            new() { On = FaultTarget.Region, Kind = FaultKind.Drop },
            Dark with { Name = "mars", After = "nobody", For = TimeSpan.Zero },
        ]));

        Assert.Equal(
            [
                "faults[1].name: a fault of kind drop on resourceManager does not have it",
                "faults[1].status: a fault of kind drop on resourceManager does not have it",
                "faults[1].skip: expected 0 or more and found -1",
                "faults[1].id: 'Taken' is taken; each fault has an id of its own",
                "faults[2].kind: on region expected one of dark and found 'drop'",
                "faults[3].for: expected more than 00:00:00, at most 3650.00:00:00 and found 00:00:00",
                "faults[3].after: expected the id of an earlier fault and found 'nobody'",
                "faults[3].name: expected one of westeurope, northeurope and found 'mars'",
            ],
            exception.Mistakes.Select(mistake => mistake.ToString()).Where(text => !text.Contains("status: expected", StringComparison.Ordinal)));
        Assert.Single(_schedule.States);
    }

    [Fact]
    public void Add_TooMany_IsRefused()
    {
        _schedule.Add([.. Enumerable.Repeat(Drop, FaultSchedule.MaxFaults)]);

        Assert.Contains("at most 1000", Assert.Throws<FaultException>(() => _schedule.Add([Drop])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_OfEveryTarget_AreThere() =>
        Assert.All(Enum.GetValues<FaultTarget>(), target => Assert.NotEmpty(FaultRules.KindsOf(target)));

    private static Fault Drop => new() { On = FaultTarget.ResourceManager, Kind = FaultKind.Drop };

    private static Fault Dark => new() { On = FaultTarget.Region, Kind = FaultKind.Dark, Name = "westeurope" };

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
