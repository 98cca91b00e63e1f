using DrFunctions.Recovery.AppServicePlans;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.ScaleAppServicePlan;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.ScaleAppServicePlan;

public sealed class ScaleAppServicePlanTests
{
    private static readonly ResourceId s_plan = StepScene.Id("Microsoft.Web/serverfarms", "standby");
    private readonly StepScene _scene = new(Step("P1v3", 3));

    public ScaleAppServicePlanTests() => _scene.Azure.Plans[s_plan] = new AppServicePlan("B1", 1, false, 3);

    [Fact]
    public async Task Step_Scaled_IsVerifiedAndUndoneToWhatWasBefore()
    {
        var end = await _scene.DriveAsync();

        Assert.Equal((StepOutcome.Done, "standby has 3 of P1v3"), (end.Outcome, end.Summary));
        Assert.Equal("standby has 1 of B1", (await _scene.UndoAsync()).Summary);
        Assert.Equal(new AppServicePlan("B1", 1, false, 3), _scene.Azure.Plans[s_plan]);
        Assert.Equal(["scale standby", "scale standby"], _scene.Effects);
    }

    [Fact]
    public async Task Step_DoneAlready_SendsNothing()
    {
        _scene.Azure.Plans[s_plan] = new AppServicePlan("p1V3", 3, false, 30);

        Assert.Equal(StepOutcome.Done, (await _scene.DriveAsync()).Outcome);
        Assert.Empty(_scene.Effects);
    }

    [Fact]
    public async Task Check_Plan_SaysWhatItHas() => Assert.Equal(StepCheck.Ok("standby has 1 of B1"), await _scene.CheckAsync());

    [Fact]
    public async Task Check_MoreThanTheSizeHas_Fails()
    {
        var scene = new StepScene(Step(null, 9));
        scene.Azure.Plans[s_plan] = new AppServicePlan("B1", 1, false, 3);

        var check = await scene.CheckAsync();

        Assert.Equal(("TooManyInstances", "standby is of B1, which has at most 3 instances; 9 are wanted."), (check.Code, check.Message));
    }

    [Fact]
    public async Task Plan_Missing_FailsBeforeAndInTheStep()
    {
        _scene.Azure.Plans.Clear();

        Assert.Equal("PlanMissing", (await _scene.CheckAsync()).Code);
        Assert.Equal((StepOutcome.Failed, "PlanMissing"), await OutcomeAsync());
        Assert.Equal(StepOutcome.Done, (await _scene.UndoAsync()).Outcome);
    }

    [Fact]
    public void Kind_Commands_DoTheSame() => Assert.Equal(
        [$"az appservice plan update --ids '{s_plan}' --sku 'P1v3' --number-of-workers 3"],
        StepKindCatalog.Of(Step("P1v3", 3)).AzCommands(Step("P1v3", 3), Builders.APlan().Build()));

    private async Task<(StepOutcome, string?)> OutcomeAsync()
    {
        var end = await _scene.DriveAsync();
        return (end.Outcome, end.Code);
    }

    private static ScaleAppServicePlanStep Step(string? size, int? instances) => new("scale", TimeSpan.FromMinutes(15), s_plan, size, instances);
}
