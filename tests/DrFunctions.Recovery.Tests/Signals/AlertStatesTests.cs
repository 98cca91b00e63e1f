using DrFunctions.Recovery.Signals;
using DrFunctions.Testing.Recovery;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Recovery.Tests.Signals;

public sealed class AlertStatesTests
{
    [Theory]
    [InlineData("a+0", "a+0")]
    [InlineData("a+0 a-5", "a-5")]
    [InlineData("a-5 a+0", "a-5")]
    [InlineData("a+5 a-5", "a-5")]
    [InlineData("a+0 a-5 a+9", "a+9")]
    [InlineData("a-9 b+1", "b+1 a-9")]
    [InlineData("a+1 a+1 a+1", "a+1")]
    [InlineData("", "")]
    public void Fold_Signals_KeepsTheNewestOfEachAlertRedOnesFirst(string signals, string expected) =>
        Assert.Equal(expected, Show(AlertStates.Fold([], Parse(signals))));

    [Fact]
    public void Fold_UnreadableOrIntended_ChangesNothing() =>
        Assert.Empty(AlertStates.Fold([], Parse("a+0").Select(signal => signal with { Condition = SignalCondition.Intended })));

    [Fact]
    public void Fold_InAnyOrderAndInAnyParts_IsTheSame()
    {
        var signal = from alert in Gen.Elements("a", "b", "c")
                     from red in Gen.Elements('+', '-')
                     from second in Gen.Choose(0, 5)
                     select $"{alert}{red}{second}";
        var cases = from list in signal.ListOf()
                    from seed in Gen.Choose(0, 1_000_000)
                    from cut in Gen.Choose(0, list.Count)
                    let random = new Random(seed)
                    select (list, shuffled: list.OrderBy(_ => random.Next()).ToList(), cut);

        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var whole = AlertStates.Fold([], Parse(string.Join(' ', one.list)));
            var first = AlertStates.Fold([], Parse(string.Join(' ', one.shuffled.Take(one.cut))));
            var parts = AlertStates.Fold(first, Parse(string.Join(' ', one.shuffled.Skip(one.cut).Concat(one.shuffled))));
            return Show(whole) == Show(parts);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Fold_MoreAlertsThanAreToldApart_KeepsTheRedOnes()
    {
        var well = Enumerable.Range(0, 500).Select(each => Samples.Alert("x", $"well{each}", false, 1000 + each).Signal);
        var red = Samples.Alert("x", "red", true, 0).Signal;

        var states = AlertStates.Fold([], well.Append(red));

        Assert.Equal(AlertStates.Most, states.Count);
        Assert.Equal("red", states.Single(state => state.IsRed).Alert);
    }

    // "a+5": alert a fired at second 5; "a-9": it was resolved at second 9.
    private static IEnumerable<Signal> Parse(string signals) => signals.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(text => Samples.Alert(text, text[..1], text[1] == '+', int.Parse(text.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture)).Signal);

    private static string Show(IEnumerable<AlertState> states) => string.Join(
        ' ', states.Select(state => $"{state.Alert}{(state.IsRed ? '+' : '-')}{(state.At - MovableClock.Start).TotalSeconds}"));
}
