using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Tests.Steps;

public sealed class StepKindCatalogTests
{
    public static TheoryData<string> Kinds => [.. StepKindCatalog.All.Select(kind => kind.Name)];

    [Fact]
    public void Catalog_FindsEveryKindByNameAndByStep()
    {
        Assert.True(StepKindCatalog.All.Count >= 12);
        Assert.Equal(StepKindCatalog.All.Select(kind => kind.Name).Order(StringComparer.Ordinal), StepKindCatalog.All.Select(kind => kind.Name));
        Assert.All(StepKindCatalog.All, kind => Assert.Same(kind, StepKindCatalog.Find(kind.Name)));
        Assert.Null(StepKindCatalog.Find("Fence"));
        Assert.All(SampleSteps.All, step => Assert.Equal(step.GetType(), StepKindCatalog.Of(step).StepType));
    }

    [Fact]
    public void Samples_HaveEveryKind() =>
        Assert.Equal(StepKindCatalog.All.Select(kind => kind.Name), SampleSteps.All.Select(step => StepKindCatalog.Of(step).Name).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Kind_SaysAllThatPeopleAndProgramsRead(string name)
    {
        var kind = StepKindCatalog.Find(name)!; // From the catalog.
        var plan = SampleSteps.Plan;
        foreach (var step in SampleSteps.All.Where(step => StepKindCatalog.Of(step) == kind))
        {
            Assert.NotEmpty(kind.Describe(step, plan));
            Assert.False(kind.Describe(step, plan).EndsWith('.'));
            Assert.NotEmpty(kind.AzCommands(step, plan));
            Assert.All(kind.AzCommands(step, plan), command => Assert.DoesNotContain('\n', command));
            Assert.True(kind.Estimate(step, plan) > TimeSpan.Zero);
            Assert.True(kind.Least(step, plan) <= kind.Estimate(step, plan));
            Assert.True(step.Timeout >= kind.LeastTimeout);
        }

        Assert.EndsWith(".", kind.Summary, StringComparison.Ordinal);
        Assert.EndsWith(".", kind.UndoSummary, StringComparison.Ordinal);
        Assert.All(kind.Fields, field => Assert.EndsWith(".", field.Summary, StringComparison.Ordinal));
        Assert.DoesNotContain(kind.Fields, field => field.Name is "name" or "timeout");
    }

    /// <summary>A call that needs a right which no role gives fails at three in the morning.</summary>
    [Fact]
    public void Kinds_WhoseRunnersCallResourceManager_DeclareTheirRights()
    {
        string[] without = ["DrFunctions.Recovery.Documents", "DrFunctions.Recovery.Events", "DrFunctions.Recovery.HttpCalls", "DrFunctions.Recovery.People", "DrFunctions.Recovery.Probes"];
        var calling = StepKindCatalog.All.Where(kind => kind.RunnerType.GetConstructors().Single().GetParameters()
            .Any(port => port.ParameterType.IsInterface && !without.Contains(port.ParameterType.Namespace)));

        Assert.True(calling.Count() >= 6);
        Assert.All(calling, kind => Assert.All(
            SampleSteps.All.Where(step => StepKindCatalog.Of(step) == kind),
            step => Assert.NotEmpty(kind.Permissions(step, SampleSteps.Plan))));
    }

    [Fact]
    public void Permissions_AreOperationsOnWhatThePlanNames() => Assert.All(
        SampleSteps.All.SelectMany(step => StepKindCatalog.Of(step).Permissions(step, SampleSteps.Plan)),
        permission =>
        {
            Assert.Matches("^Microsoft\\.[A-Za-z]+/[A-Za-z/]+/(read|write|action|delete)$", permission.Action);
            Assert.Matches(permission.Kind == PermissionKind.StorageData ? "^[A-Za-z][A-Za-z0-9_]*$" : "^/subscriptions/", permission.Scope);
        });

    [Fact]
    public void Of_AStepOfNoKind_Throws() =>
        Assert.Throws<ArgumentException>(() => StepKindCatalog.Of(new Foreign()));

    private sealed record Foreign() : RunbookStep("foreign", TimeSpan.FromSeconds(1));
}
