using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Tests.People;

public sealed class ApprovalCountTests
{
    private static readonly DateTimeOffset Asked = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ApprovalRule TwoOfAll = new(2, TimeSpan.FromMinutes(10));
    private static readonly ApprovalRule TwoOfThree = TwoOfAll with { Approvers = ["ann", "bob", "eve"] };

    [Fact]
    public void Approve_ByEnoughPeople_Approves()
    {
        Assert.Equal((ApprovalOutcome.Waiting, 1), Seen(Count(TwoOfAll, Says("ann"))));

        var count = Count(TwoOfAll, Says("bob", after: 2), Says("ann", after: 1));

        Assert.Equal((ApprovalOutcome.Approved, 0), Seen(count));
        Assert.Equal(["ann", "bob"], count.Approved);
        Assert.Equal(Asked.AddMinutes(10), count.ExpiresAt);
    }

    [Fact]
    public void Approve_TwiceByOnePerson_CountsOnce()
    {
        Assert.Equal((ApprovalOutcome.Waiting, 1), Seen(Count(TwoOfAll, Says("ann"), Says("ann", after: 3))));
        Assert.Equal((ApprovalOutcome.Waiting, 1), Seen(Count(TwoOfAll, Says("ann"), Says("Ann", after: 3))));
    }

    [Fact]
    public void Approve_ByOneAccountUnderTwoNames_CountsOnce()
    {
        var before = Says(Person("ann") with { ObjectId = "1" });
        var renamed = Says(Person("ann.new") with { ObjectId = "1" });

        Assert.Equal((ApprovalOutcome.Waiting, 1), Seen(Count(TwoOfAll, before, renamed)));
        Assert.Equal((ApprovalOutcome.Approved, 0), Seen(Count(TwoOfAll, before, Says(Person("bob") with { ObjectId = "2" }))));
    }

    [Theory]
    [InlineData(9.99, ApprovalOutcome.Approved)]
    [InlineData(10, ApprovalOutcome.Expired)]
    [InlineData(10.01, ApprovalOutcome.Expired)]
    public void Approve_CountsByWhenItWasRecorded_NotByWhenItIsRead(double after, ApprovalOutcome expected)
    {
        var count = Count(TwoOfAll, now: 60, Says("ann"), Says("bob", after: after));

        Assert.Equal(expected, count.Outcome);
        Assert.Equal(expected == ApprovalOutcome.Expired ? ["'bob' was late"] : [], count.Ignored);
    }

    [Theory]
    [InlineData(9.99, ApprovalOutcome.Waiting)]
    [InlineData(10, ApprovalOutcome.Expired)]
    public void Nobody_ByTheExpiry_Expires(double now, ApprovalOutcome expected) =>
        Assert.Equal(expected, Count(TwoOfAll, now).Outcome);

    [Fact]
    public void Decline_ByOne_Declines() =>
        Assert.Equal(ApprovalOutcome.Declined, Count(TwoOfAll, Says("ann"), Says("bob"), Says("eve", DecisionKind.Decline, 5)).Outcome);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void Decline_ByWhoAlsoApproves_IsADecline_InWhateverOrder(double approvedAfter, double declinedAfter)
    {
        var counts = TwoOfAll with { Decline = DeclineRule.AsManyAsApprove };

        var count = Count(counts, Says("bob"), Says("ann", after: approvedAfter), Says("ann", DecisionKind.Decline, declinedAfter));

        Assert.Equal((ApprovalOutcome.Waiting, 1), Seen(count));
        Assert.Equal(["bob"], count.Approved);
        Assert.Equal(["ann"], count.Declined);
    }

    [Fact]
    public void Decline_WhereManyMust_DeclinesWithTheLastOne()
    {
        var rule = TwoOfAll with { Decline = DeclineRule.AsManyAsApprove };

        Assert.Equal(ApprovalOutcome.Waiting, Count(rule, Says("ann", DecisionKind.Decline)).Outcome);
        Assert.Equal(ApprovalOutcome.Approved, Count(rule, Says("ann", DecisionKind.Decline), Says("bob"), Says("eve")).Outcome);
        Assert.Equal(ApprovalOutcome.Declined, Count(rule, Says("ann", DecisionKind.Decline), Says("bob", DecisionKind.Decline)).Outcome);
    }

    [Fact]
    public void Decline_WhereTooFewAreLeft_Declines()
    {
        var rule = TwoOfThree with { Decline = DeclineRule.AsManyAsApprove };

        // Three can approve: two are left, and they suffice. Where one of the three started the run, one is left.
        Assert.Equal(ApprovalOutcome.Waiting, Count(rule, Says("ann", DecisionKind.Decline)).Outcome);
        Assert.Equal(
            ApprovalOutcome.Declined,
            ApprovalCount.Of(Request(rule) with { Starter = Person("bob") }, [Says("ann", DecisionKind.Decline)], Asked).Outcome);
    }

    [Fact]
    public void Approve_ByWhoMayNot_IsIgnoredAndNamed()
    {
        var count = Count(
            TwoOfThree,
            Says("starter"),
            Says("mallory"),
            Says(Person("ann") with { Roles = CallerRole.Operator }),
            Says(new CallerIdentity("bob", CallerRole.Approver, CallerAuthentication.FunctionKey)));

        Assert.Equal((ApprovalOutcome.Waiting, 2), Seen(count));
        Assert.Equal(
            [
                "'ann' has not the role 'approver'",
                "'bob' is a system, and only a person approves",
                "'mallory' is not one of the approvers ann, bob, eve",
                "'starter' is not one of the approvers ann, bob, eve",
            ],
            count.Ignored.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Approve_ByTheStarter_CountsWhereTheRuleSaysSo()
    {
        var one = new ApprovalRule(1, TimeSpan.FromMinutes(10));

        Assert.Equal("'starter' started the run, and may not approve it", Assert.Single(Count(one, Says("starter")).Ignored));
        Assert.Equal(ApprovalOutcome.Approved, Count(one with { StarterMayApprove = true }, Says("starter")).Outcome);
    }

    [Fact]
    public void Decision_OfAnotherOccasionOrKind_IsPassedOver() =>
        Assert.Equal(
            (ApprovalOutcome.Waiting, 2),
            Seen(Count(TwoOfAll, Says("ann") with { Occasion = 6 }, Says("bob", DecisionKind.Retry))));

    [Fact]
    public void Rule_ThatTheStarterMakesImpossible_SaysSo()
    {
        var rule = TwoOfAll with { Approvers = ["ann", "starter"] };

        Assert.Equal("2 of ann, starter must approve, and 'starter' started the run and may not", Request(rule).Impossible());
        Assert.Null(Request(rule with { StarterMayApprove = true }).Impossible());
        Assert.Null(Request(TwoOfAll).Impossible());
    }

    [Theory]
    [InlineData(0, 10, "", "required: 0, expected at least 1.")]
    [InlineData(1, 0, "", "expiry: 00:00:00, expected more than zero.")]
    [InlineData(1, 10, "ann,a b", "approvers: 'a b', expected 1 to 100 of a-z, 0-9 and . _ @ # ' + -, beginning with a letter or a digit.")]
    [InlineData(1, 10, "ann,ann", "approvers: a name is there twice, expected distinct names.")]
    [InlineData(3, 10, "ann,bob", "required: 3 of 2 approvers, expected at most 2.")]
    [InlineData(2, 10, "ann,bob", null)]
    [InlineData(2, 10, "", null)]
    public void Rule_ThatCannotBe_NamesTheMistake(int required, int minutes, string approvers, string? expected)
    {
        var rule = new ApprovalRule(required, TimeSpan.FromMinutes(minutes))
        {
            Approvers = approvers.Split(',', StringSplitOptions.RemoveEmptyEntries),
        };

        Assert.Equal(expected, rule.Mistake());
    }

    private static (ApprovalOutcome Outcome, int Missing) Seen(ApprovalCount count) => (count.Outcome, count.Missing);

    private static ApprovalCount Count(ApprovalRule rule, params DecisionRecord[] decisions) => Count(rule, now: 5, decisions);

    private static ApprovalCount Count(ApprovalRule rule, double now, params DecisionRecord[] decisions) =>
        ApprovalCount.Of(Request(rule), decisions, Asked.AddMinutes(now));

    private static ApprovalRequest Request(ApprovalRule rule) => new(rule, Occasion: 7, Asked, Person("starter"));

    private static CallerIdentity Person(string name) => new(name, CallerRole.Approver, CallerAuthentication.PersonalKey);

    private static DecisionRecord Says(string name, DecisionKind kind = DecisionKind.Approve, double after = 1) => Says(Person(name), kind, after);

    private static DecisionRecord Says(CallerIdentity who, DecisionKind kind = DecisionKind.Approve, double after = 1) =>
        new(1, "shop-run-1", 3, 7, kind, who, Asked.AddMinutes(after), "because");
}
