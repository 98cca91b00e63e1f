using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Control;

public sealed class ControlTakeoverTests
{
    private readonly TwoApps _apps = new();

    [Fact]
    public async Task Role_NobodyEverTookOver_IsAsTheSettingsSay()
    {
        Assert.Equal(ControlRole.StandingBy, await _apps.Second.ReadRoleAsync(default));
        Assert.Equal(ControlRole.InControl, await _apps.First.ReadRoleAsync(default));
        Assert.Equal(ControlRole.StandingBy, await _apps.Second.ReadRoleAsync(default));
        await _apps.First.RequireAsync(default);
        var refused = await Assert.ThrowsAsync<RecoveryException>(() => _apps.Second.RequireAsync(default));
        Assert.Equal(("ControlElsewhere", true), (refused.Code, refused.IsTransient));
    }

    [Fact]
    public async Task Role_AppWithoutAMirror_IsInControlAndNothingIsRead()
    {
        var calls = 0;
        _apps.Interception.Around = (_, _) => Task.FromResult(calls++);
        var alone = new ControlAuthority(new ControlIdentity("https://west/", "west", false, null), new DocumentReplicas([new("control", _apps.West)]), _apps.Clock);

        await alone.RequireAsync(default);
        await alone.RequireNowAsync(default);

        Assert.Equal(ControlRole.InControl, await alone.ReadRoleAsync(default));
        Assert.Equal(0, calls);
        Assert.Equal("ControlAlone", (await Assert.ThrowsAsync<RecoveryException>(() => _apps.Takeover(alone).TakeAsync("ann", "r", true, default))).Code);
    }

    [Fact]
    public async Task Take_TheOtherAccountAnswers_TellsItAndActsAMinuteLater()
    {
        var term = await _apps.Takeover(_apps.Second).TakeAsync("ann", "west is to be left", false, default);

        Assert.Equal((1, "https://north/", ControlFence.Told), (term.Term, term.Account, term.Fence));
        Assert.Empty(_apps.Effects); // what was told need not be stopped
        Assert.Equal(ControlRole.Settling, await _apps.Second.ReadRoleAsync(default));
        Assert.Equal("ControlSettling", (await Assert.ThrowsAsync<RecoveryException>(() => _apps.Second.RequireAsync(default))).Code);
        _apps.Clock.Advance(ControlTerm.Settling);
        await _apps.Second.RequireAsync(default);
        var refused = await Assert.ThrowsAsync<RecoveryException>(() => _apps.First.RequireAsync(default));
        Assert.Equal("ControlElsewhere", refused.Code);
        Assert.Contains("The app in north is in control", refused.Message, StringComparison.Ordinal);
        Assert.Contains("by ann: west is to be left.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_AppThatReadItsRoleBefore_StandsAsideBeforeTheTermActs()
    {
        await _apps.First.RequireAsync(default);
        var term = await _apps.Takeover(_apps.Second).TakeAsync("ann", "r", false, default);

        _apps.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.True(_apps.Clock.GetUtcNow() < term.ActsFrom);
        await Assert.ThrowsAsync<RecoveryException>(() => _apps.First.RequireAsync(default));
    }

    [Fact]
    public async Task Take_TheOtherAccountIsDark_StopsTheOtherAppFirst()
    {
        _apps.Dark.Add("west");

        var term = await _apps.Takeover(_apps.Second).TakeAsync("the app in north", "silence", false, default);

        Assert.Equal(ControlFence.Stopped, term.Fence);
        Assert.Equal(["stop first"], _apps.Effects);
    }

    [Fact]
    public async Task Take_NothingSaysThatTheOtherAppIsStopped_WaitsForAPersonWhoAnswersForIt()
    {
        _apps.Dark.Add("west");

        var refused = await Assert.ThrowsAsync<RecoveryException>(() => _apps.Takeover(_apps.Second, peerState: null).TakeAsync("north", "silence", false, default));

        Assert.Equal(("ControlNotFenced", true), (refused.Code, refused.IsTransient));
        Assert.Contains("Resource Manager knows no app", refused.Message, StringComparison.Ordinal);
        Assert.Null(_apps.Second.LastTerm);
        Assert.Equal(ControlRole.StandingBy, await _apps.Second.ReadRoleAsync(default));
        var term = await _apps.Takeover(_apps.Second, peerState: null).TakeAsync("ann", "I saw it stopped", true, default);
        Assert.Equal((ControlFence.Overridden, "ann"), (term.Fence, term.By));
    }

    [Fact]
    public async Task Take_ResourceManagerDoesNotAnswer_WaitsForAPerson()
    {
        _apps.Dark.Add("west");
        _apps.Interception.Around = (call, _) => call.StartsWith("ReadState", StringComparison.Ordinal)
            ? throw new RecoveryException("ResourceManagerUnavailable", "It does not answer.", isTransient: true, "Wait.")
            : Task.CompletedTask;

        var refused = await Assert.ThrowsAsync<RecoveryException>(() => _apps.Takeover(_apps.Second).TakeAsync("north", "silence", false, default));

        Assert.Equal("ControlNotFenced", refused.Code);
        Assert.EndsWith("and Resource Manager does not confirm that it is stopped: It does not answer.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Return_OldAppComesBackWithAStaleAccount_StandsByAndLearnsTheTerm()
    {
        _apps.Dark.Add("west");
        await _apps.Takeover(_apps.Second).TakeAsync("north", "silence", false, default);
        _apps.Dark.Clear();

        var returned = _apps.App("west", _apps.West, _apps.North, standsBy: false);

        Assert.Equal(ControlRole.StandingBy, await returned.ReadRoleAsync(default));
        await _apps.Second.SpreadAsync(default);
        Assert.Equal(1, (await _apps.West.ReadAsync<ControlTerm>(ControlTerm.Key, default))!.Value.Term);
        _apps.Dark.Add("north");
        Assert.Equal(ControlRole.StandingBy, await _apps.App("west", _apps.West, _apps.North, standsBy: false).ReadRoleAsync(default));
    }

    [Fact]
    public async Task Take_ThereAndBack_TermsGrow()
    {
        Assert.Equal(1, (await _apps.Takeover(_apps.Second).TakeAsync("ann", "there", false, default)).Term);
        Assert.Equal(2, (await _apps.Takeover(_apps.First).TakeAsync("ann", "and back", false, default)).Term);
        _apps.Clock.Advance(ControlTerm.Settling);

        await _apps.First.RequireAsync(default);
        Assert.Equal(ControlRole.StandingBy, await _apps.Second.ReadRoleAsync(default));
    }

    [Fact]
    public async Task Take_ByTheAppInControl_ChangesNothing()
    {
        Assert.Equal(ControlFence.First, (await _apps.Takeover(_apps.First).TakeAsync("ann", "r", false, default)).Fence);
        var term = await _apps.Takeover(_apps.Second).TakeAsync("ann", "r", false, default);
        Assert.Equal(term, await _apps.Takeover(_apps.Second).TakeAsync("ben", "again", true, default));
    }

    /// <summary>Dies before and after every call; whoever looks then sees one app that acts or will, never two that act.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Take_KilledAtEveryCall_NeverTwoActAndTheNextTakeGoesOn(bool isDark)
    {
        for (var at = 0; ; at++)
        {
            var apps = new TwoApps();
            if (isDark)
            {
                apps.Dark.Add("west");
            }

            var (calls, killed) = (0, false);
            apps.Interception.Around = (call, moment) => calls++ == at ? throw new KilledException($"{moment} {call}") : Task.CompletedTask;
            try
            {
                await apps.Takeover(apps.Second).TakeAsync("north", "silence", false, default);
            }
            catch (KilledException)
            {
                killed = true;
            }

            apps.Interception.Around = (_, _) => Task.CompletedTask;
            apps.Dark.Clear();
            apps.Clock.Advance(ControlTerm.Settling);
            Assert.InRange(await apps.ActingAsync(), 1, 1);
            var again = apps.App("north", apps.North, apps.West, standsBy: true);
            await apps.Takeover(again).TakeAsync("north", "silence", false, default);
            apps.Clock.Advance(ControlTerm.Settling);
            Assert.Equal(ControlRole.InControl, await again.ReadRoleAsync(default));
            Assert.Equal(1, await apps.ActingAsync());
            if (!killed)
            {
                Assert.True(at > 5, $"only {at} calls were killed");
                return;
            }
        }
    }

    /// <summary>Both take over at once: one does at every call of the other, whole.</summary>
    [Fact]
    public async Task Take_BothAtOnce_OneIsInControlAfterwards()
    {
        for (var at = 0; ; at++)
        {
            var apps = new TwoApps();
            await apps.Takeover(apps.Second).TakeAsync("ann", "so that neither is by its settings", false, default);
            var (first, second) = (apps.App("west", apps.West, apps.North, standsBy: false), apps.App("north", apps.North, apps.West, standsBy: true));
            await apps.Takeover(first).TakeAsync("ann", "west", false, default);
            var (calls, met) = (0, false);
            apps.Interception.Around = async (_, _) =>
            {
                if (calls++ == at)
                {
                    met = true;
                    await TryAsync(apps, first);
                }
            };
            await TryAsync(apps, second);
            apps.Interception.Around = (_, _) => Task.CompletedTask;
            apps.Clock.Advance(ControlTerm.Settling);

            Assert.Equal(1, await apps.ActingAsync());
            if (!met)
            {
                Assert.True(at > 5, $"they met at {at} calls only");
                return;
            }
        }

        static async Task TryAsync(TwoApps apps, ControlAuthority app)
        {
            try
            {
                await apps.Takeover(app).TakeAsync("ann", "mine", false, default);
            }
            catch (RecoveryException exception) when (exception.Code == "ControlContended")
            {
                // The other one was faster.
            }
        }
    }

    /// <summary>Somebody forgot to say which one stands by: the second one begins at every call of the first.</summary>
    [Fact]
    public async Task Role_OfTwoAppsThatWereBothToldToAct_OneDoes()
    {
        for (var at = 0; ; at++)
        {
            var apps = new TwoApps();
            var (first, second) = (apps.App("west", apps.West, apps.North, standsBy: false), apps.App("north", apps.North, apps.West, standsBy: false));
            var (calls, met) = (0, false);
            apps.Interception.Around = async (_, _) =>
            {
                if (calls++ == at)
                {
                    met = true;
                    await second.ReadRoleAsync(default);
                }
            };
            await first.ReadRoleAsync(default);
            apps.Interception.Around = (_, _) => Task.CompletedTask;
            apps.Clock.Advance(TimeSpan.FromSeconds(11));

            var roles = new[] { await first.ReadRoleAsync(default), await second.ReadRoleAsync(default) };
            Assert.Equal([ControlRole.InControl, ControlRole.StandingBy], roles.Order());
            if (!met)
            {
                Assert.True(at > 5, $"they met at {at} calls only");
                return;
            }
        }
    }

    [Fact]
    public async Task Role_TheOtherAccountDoesNotAnswer_KeepsTheAppThatDoesNotStandByFromNothing()
    {
        _apps.Dark.Add("north");

        await _apps.First.RequireAsync(default);

        _apps.Dark.Clear();
        Assert.Equal(ControlRole.StandingBy, await _apps.Second.ReadRoleAsync(default)); // it reads the term in the other account
        await _apps.First.SpreadAsync(default);
        Assert.Equal("https://west/", (await _apps.North.ReadAsync<ControlTerm>(ControlTerm.Key, default))!.Value.Account);
    }

    [Fact]
    public async Task Silence_WhereNoAppWasEverInControl_CountsWhateverSignsOfLifeThereAre()
    {
        var silence = new ControlSilence(_apps.Clock);
        var other = _apps.App("west", _apps.West, _apps.North, standsBy: true);
        silence.Count(await _apps.Second.SeeAsync(default));
        _apps.Clock.Advance(ControlBeat.LongestSilence);
        await other.BeatAsync(default);

        Assert.True(silence.Count(await _apps.Second.SeeAsync(default)) >= ControlBeat.LongestSilence);
    }

    /// <summary>That an app's own account fails says nothing of the other app.</summary>
    [Fact]
    public async Task Take_OwnAccountGoesDarkAtAnyCall_NeverStopsTheOtherApp()
    {
        for (var at = 0; ; at++)
        {
            var apps = new TwoApps();
            await apps.First.RequireAsync(default);
            var calls = 0;
            apps.Interception.Around = (_, _) =>
            {
                if (calls++ == at)
                {
                    apps.Dark.Add("north");
                }

                return Task.CompletedTask;
            };
            var failure = await Record.ExceptionAsync(() => apps.Takeover(apps.Second).TakeAsync("north", "silence", false, default));

            Assert.Empty(apps.Effects);
            if (failure is null && apps.Dark.Count == 0)
            {
                Assert.True(at > 5, $"it went dark at {at} calls only");
                return;
            }

            Assert.True(failure is null or DocumentStoreException, failure?.ToString());
        }
    }

    [Fact]
    public async Task RequireNow_JustAfterTheOtherAccountFailed_AsksItAllTheSame()
    {
        await _apps.First.RequireAsync(default);
        _apps.Dark.Add("north");
        _apps.Clock.Advance(TimeSpan.FromSeconds(11));
        await _apps.First.RequireAsync(default); // goes by its own, and leaves the other one alone for a while
        _apps.Dark.Clear();
        _apps.Dark.Add("west");
        await _apps.Takeover(_apps.Second).TakeAsync("north", "silence", false, default);
        _apps.Dark.Clear();

        Assert.Equal("ControlElsewhere", (await Assert.ThrowsAsync<RecoveryException>(() => _apps.First.RequireNowAsync(default))).Code);
    }

    [Fact]
    public async Task Documents_OfAnAppThatStandsBy_TakeAlertsAndNothingElse()
    {
        var documents = new ControlledDocuments(_apps.North, _apps.Second);

        Assert.True(await documents.TryCreateAsync("signals/shop/1", "{}"u8.ToArray(), default));
        Assert.True(await documents.TryCreateAsync("arrivals/shop/1", "{}"u8.ToArray(), default));
        foreach (var key in new[] { "locks/shop", "runs/r/journal/000000", "plans/shop/current", "incidents/shop/1", "workloads/shop" })
        {
            Assert.Equal("ControlElsewhere", (await Assert.ThrowsAsync<RecoveryException>(() => documents.TryCreateAsync(key, "{}"u8.ToArray(), default))).Code);
            Assert.Equal("ControlElsewhere", (await Assert.ThrowsAsync<RecoveryException>(() => documents.TryReplaceAsync(key, "{}"u8.ToArray(), "1", default))).Code);
            Assert.Equal("ControlElsewhere", (await Assert.ThrowsAsync<RecoveryException>(() => documents.TryDeleteAsync(key, null, default))).Code);
            Assert.Null(await documents.ReadAsync(key, default));
        }
    }

    [Fact]
    public async Task Silence_OfTheAppInControl_CountsFromItsLastSignByTheWatchersOwnClock()
    {
        var silence = new ControlSilence(_apps.Clock);
        await _apps.First.RequireAsync(default);
        await _apps.First.BeatAsync(default);

        Assert.Equal(TimeSpan.Zero, silence.Count(await _apps.Second.SeeAsync(default)));
        _apps.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.InRange(silence.Count(await _apps.Second.SeeAsync(default)), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2.1));

        // Its own signs are none of the other's.
        await _apps.Second.BeatAsync(default);
        Assert.True(silence.Count(await _apps.Second.SeeAsync(default)) > TimeSpan.FromMinutes(2));

        // A sign that reached only the other account is one.
        _apps.Dark.Add("north");
        await Assert.ThrowsAsync<DocumentStoreException>(() => _apps.Second.BeatAsync(default));
        Assert.False(await _apps.First.BeatAsync(default));
        _apps.Dark.Clear();
        Assert.Equal(TimeSpan.Zero, silence.Count(await _apps.Second.SeeAsync(default)));
    }
}
