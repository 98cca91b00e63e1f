using DrFunctions.Cloud.ResourceManager.AppServicePlans;
using DrFunctions.Cloud.Tests.ResourceManager.Operations;
using DrFunctions.Recovery;
using DrFunctions.Recovery.AppServicePlans;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.AppServicePlans;

public sealed class AppServicePlansAdapterTests : OperationConformance
{
    private static readonly ResourceId s_plan = OperationScene.Id("Microsoft.Web/serverfarms", "standby");

    private protected override (string Method, string Path) Begin => ("PUT", "/serverfarms/standby$");

    private protected override OperationWork Work => new()
    {
        What = "the scaling of 'standby'",
        ReadAsync = async stop => await Plans.ReadAsync(s_plan, stop) switch
        {
            { IsChanging: true } => OperationTarget.Changing("it is being scaled"),
            { Size: "P1v3", Instances: 3 } => OperationTarget.Reached("3 of P1v3"),
            var plan => OperationTarget.Open($"it has {plan}"),
        },
        BeginAsync = stop => Plans.ScaleAsync(s_plan, "P1v3", 3, stop),
    };

    private AppServicePlansAdapter Plans => new(Scene.Client);

    [Fact]
    public async Task Read_Plan_HasSizeInstancesAndLimit() =>
        Assert.Equal(new AppServicePlan("B1", 1, false, 3), await Plans.ReadAsync(s_plan, default));

    [Fact]
    public async Task Read_WhileItIsScaled_IsChanging()
    {
        await Plans.ScaleAsync(s_plan, "P1v3", 3, default);

        Assert.Equal(new AppServicePlan("B1", 1, true, 3), await Plans.ReadAsync(s_plan, default));
    }

    [Theory]
    [InlineData("P2v3", null, "P2v3", 1)]
    [InlineData(null, 2, "B1", 2)]
    public async Task Scale_OneOfTheTwo_KeepsTheOther(string? size, int? instances, string expectedSize, int expectedInstances)
    {
        await Plans.ScaleAsync(s_plan, size, instances, default);
        Scene.Time.Advance(TimeSpan.FromMinutes(10));

        var plan = await Plans.ReadAsync(s_plan, default);
        Assert.Equal((expectedSize, expectedInstances), (plan!.Size, plan.Instances));
    }

    [Fact]
    public async Task Scale_MoreThanTheSizeAllows_IsRefusedWithTheLimit()
    {
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Plans.ScaleAsync(s_plan, null, 9, default));

        Assert.Equal(("ResourceManagerRefused", false), (failure.Code, failure.IsTransient));
        Assert.Contains("Expected 1 to 3 in the tier Basic and found 9", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_Absent_IsNullAndCannotBeScaled()
    {
        var absent = OperationScene.Id("Microsoft.Web/serverfarms", "absent");

        Assert.Null(await Plans.ReadAsync(absent, default));
        Assert.Equal("ResourceNotFound", (await Assert.ThrowsAsync<RecoveryException>(() => Plans.ScaleAsync(absent, "B1", 1, default))).Code);
    }
}
