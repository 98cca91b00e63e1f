using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Cloud.Tests.ResourceManager.Operations;

/// <summary>What holds for every operation of Resource Manager, whatever its provider's way: its effect happens once, and is seen.</summary>
public abstract class OperationConformance : IAsyncLifetime
{
    private protected OperationScene Scene { get; private set; } = null!; // set by InitializeAsync

    /// <summary>What is wanted, and how it is asked for.</summary>
    private protected abstract OperationWork Work { get; }

    /// <summary>Method and path of the request that begins it.</summary>
    private protected abstract (string Method, string Path) Begin { get; }

    /// <summary>The region of what is changed.</summary>
    private protected virtual string Region => OperationScene.North;

    public async Task InitializeAsync() => Scene = await OperationScene.StartAsync();

    public async Task DisposeAsync() => await Scene.DisposeAsync();

    [Fact]
    public async Task Follow_AllIsWell_IsBegunOnceAndReached()
    {
        var end = await Scene.DriveAsync(Work);

        Assert.Equal((StepOutcome.Done, null), (end.Outcome, end.Code));
        Assert.Single(Begun());
        Assert.All(Scene.Waited, code => Assert.Equal("OperationRunning", code));
        Assert.NotEmpty(Scene.Waited);
    }

    [Fact]
    public async Task Follow_DoneAlready_SendsNothing()
    {
        await Scene.DriveAsync(Work);

        var again = await Scene.AttemptAsync(Work, begun: 1);

        Assert.Equal(StepOutcome.Done, again.Outcome);
        Assert.Single(Begun());
    }

    [Fact]
    public async Task Follow_AnswerLostAfterTheEffect_TakesEffectOnce()
    {
        Strike(FaultTarget.ResourceManager, FaultKind.Drop, fault => fault with { Phase = FaultPhase.After, Count = 1 });

        var end = await Scene.DriveAsync(Work);

        Assert.Equal((StepOutcome.Done, null), (end.Outcome, end.Code));
        Assert.Equal("ResourceManagerUnavailable", Scene.Waited[0]);
        Assert.DoesNotContain(Begun().Skip(1), request => request.Status < 300);
    }

    [Fact]
    public async Task Follow_AnswerLostBeforeTheEffect_IsBegunAnew()
    {
        Strike(FaultTarget.ResourceManager, FaultKind.Drop, fault => fault with { Count = 1 });

        Assert.Equal(StepOutcome.Done, (await Scene.DriveAsync(Work)).Outcome);
        Assert.Equal(2, Begun().Count);
    }

    [Fact]
    public async Task Follow_ServerErrorAfterTheEffect_TakesEffectOnce()
    {
        Strike(FaultTarget.ResourceManager, FaultKind.Error, fault => fault with { Phase = FaultPhase.After, Status = 503, Count = 1 });

        Assert.Equal(StepOutcome.Done, (await Scene.DriveAsync(Work)).Outcome);
        Assert.DoesNotContain(Begun().Skip(1), request => request.Status < 300);
    }

    [Fact]
    public async Task Follow_Throttled_WaitsAsLongAsItIsTold()
    {
        Strike(FaultTarget.ResourceManager, FaultKind.Throttle, fault => fault with { RetryAfter = TimeSpan.FromSeconds(90), Count = 1 });

        var refused = await Scene.AttemptAsync(Work);
        var early = await Scene.AttemptAsync(Work);

        Assert.Equal(("Throttled", TimeSpan.FromSeconds(90)), (refused.Code, refused.After));
        Assert.Equal(("Throttled", TimeSpan.FromSeconds(90)), (early.Code, early.After));
        Assert.Single(Begun());
        Scene.Time.Advance(refused.After);
        Assert.Equal(StepOutcome.Done, (await Scene.DriveAsync(Work)).Outcome);
        Assert.Equal(2, Begun().Count);
    }

    [Fact]
    public async Task Follow_Conflict_WaitsForTheOtherOperation()
    {
        Strike(FaultTarget.ResourceManager, FaultKind.Error, fault => fault with { Status = 409, Code = "Conflict", Count = 2 });

        Assert.Equal(StepOutcome.Done, (await Scene.DriveAsync(Work)).Outcome);
        Assert.Equal(["ResourceBusy", "ResourceBusy"], Scene.Waited[..2]);
        Assert.Equal(3, Begun().Count);
    }

    [Fact]
    public async Task Follow_Refused_FailsWithTheServicesWords()
    {
        Strike(FaultTarget.ResourceManager, FaultKind.Error, fault => fault with { Status = 403, Code = "AuthorizationFailed", Message = "has no role" });

        var end = await Scene.DriveAsync(Work);

        Assert.Equal((StepOutcome.Failed, "AuthorizationFailed"), (end.Outcome, end.Code));
        Assert.EndsWith("has no role", end.Summary, StringComparison.Ordinal);
        Assert.Single(Begun());
    }

    [Fact]
    public async Task Follow_OperationFails_FailsAndBeginsNothingMoreUntilTheStepIsBegunAnew()
    {
        Strike(FaultTarget.Operation, FaultKind.Fail, fault => fault with { Code = "OutOfLuck", Message = "no luck today", Count = 1 });

        var end = await Scene.DriveAsync(Work);
        var repeated = await Scene.AttemptAsync(Work);

        Assert.Equal((StepOutcome.Failed, "OperationFailed"), (end.Outcome, end.Code));
        Assert.Contains("OutOfLuck: no luck today", end.Summary, StringComparison.Ordinal);
        Assert.Equal(end.Summary, repeated.Summary);
        Assert.Single(Begun());
        Assert.Equal(StepOutcome.Done, (await Scene.DriveAsync(Work, begun: 1)).Outcome);
        Assert.Equal(2, Begun().Count);
    }

    [Fact]
    public async Task Follow_OperationNeverEnds_GoesOnWaitingWithGrowingPauses()
    {
        var fault = Strike(FaultTarget.Operation, FaultKind.Hang, fault => fault);

        var end = await Scene.DriveAsync(Work);

        Assert.Equal((StepOutcome.Again, "OperationRunning"), (end.Outcome, end.Code));
        Assert.Equal(TimeSpan.FromSeconds(15), end.After);
        Assert.InRange(Scene.Waited.Count, 200, 300);
        Assert.Single(Begun());
        Scene.Cloud.RemoveFault(fault);
        Assert.Equal(StepOutcome.Done, (await Scene.DriveAsync(Work)).Outcome);
        Assert.Single(Begun());
    }

    [Fact]
    public async Task Follow_ResourceManagerDarkMeanwhile_GoesOnWhereItWas()
    {
        Assert.Equal("OperationRunning", (await Scene.AttemptAsync(Work)).Code);
        Scene.Cloud.SetResourceManagerDark(true);
        Assert.Equal("ResourceManagerUnavailable", (await Scene.AttemptAsync(Work)).Code);
        Scene.Cloud.SetResourceManagerDark(false);

        Assert.Equal(StepOutcome.Done, (await Scene.DriveAsync(Work)).Outcome);
        Assert.Single(Begun());
    }

    [Fact]
    public virtual async Task Follow_ItsRegionDark_WaitsUntilItIsBack()
    {
        await Scene.Cloud.SetRegionDarkAsync(Region, true);
        Assert.Equal(StepOutcome.Again, (await Scene.DriveAsync(Work, patience: TimeSpan.FromMinutes(2))).Outcome);

        await Scene.Cloud.SetRegionDarkAsync(Region, false);
        Assert.Equal(StepOutcome.Done, (await Scene.DriveAsync(Work)).Outcome);
    }

    [Fact]
    public async Task Follow_Documents_HoldTheUrlAndNothingElseDoes()
    {
        var begun = await Scene.AttemptAsync(Work);
        var document = await Scene.Documents.ReadAsync("runs/shop-run-1/operations/fence", default);

        Assert.NotNull(document);
        var text = System.Text.Encoding.UTF8.GetString(document.Content.Span);
        Assert.Contains(Scene.Cloud.ResourceManager.Authority, text, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", begun.Summary + begun.Hint, StringComparison.Ordinal);
    }

    private protected IReadOnlyList<Simulator.Requests.LoggedRequest> Begun() => Scene.Requests(Begin.Method, Begin.Path);

    private string Strike(FaultTarget on, FaultKind kind, Func<Fault, Fault> with) =>
        Scene.Cloud.AddFaults(with(new Fault { On = on, Kind = kind, Method = Begin.Method, Path = Begin.Path }))[0];
}
