using DrFunctions.Recovery.Steps.Wait;

namespace DrFunctions.Plans.Tests.Sections;

public sealed class RunbookTreeTests
{
    [Fact]
    public void Runbook_InAnother_StandsInItsPlaceWithItsName()
    {
        var steps = Read("""
              outer:
                - wait: { for: 1s }
                - runbook: { name: inner }
                - runbook: { name: inner, prefix: again }
              inner:
                - parallel:
                    - wait: { for: 2s, name: a }
                    - wait: { for: 3s, name: b }
                - wait: { for: 4s, name: c }
            """, "outer");

        Assert.Equal(["wait", "inner/a", "inner/b", "inner/c", "again/a", "again/b", "again/c"], steps.Select(step => step.Name));
        Assert.Equal([null, 0, 0, null, 1, 1, null], steps.Select(step => step.Group));
    }

    [Fact]
    public void Runbooks_ThatContainEachOther_AreRefusedWithTheCycleNamedOnce()
    {
        var mistake = Assert.Single(PlanReader.Read(Yaml("""
              a:
                - runbook: { name: b }
              b:
                - wait: { for: 1s }
                - runbook: { name: c }
              c:
                - runbook: { name: a }
            """)).Mistakes);

        Assert.Equal("runbook leads back to where it began: a → b → c → a; expected runbooks that do not contain themselves.", mistake.Message);
        Assert.Equal("runbooks.c[0].runbook", mistake.Path);
    }

    [Fact]
    public void Runbooks_ThatMultiply_AreRefusedQuickly()
    {
        var yaml = string.Concat(Enumerable.Range(0, 40).Select(level =>
            $"  l{level}:\n    - runbook: {{ name: l{level + 1} }}\n    - runbook: {{ name: l{level + 1}, prefix: more }}\n")) + "  l40:\n    - wait: { for: 1s }\n";

        var mistakes = PlanReader.Read(Yaml(yaml)).Mistakes;

        Assert.Contains("l0 has more than 100 steps, those of the runbooks in it included; expected at most 100.", mistakes.Select(mistake => mistake.Message));
    }

    [Theory]
    [InlineData("- runbook: { name: evacuate }", "name is 'evacuate', and the plan has no runbook of that name; expected one of failover, outer.")]
    [InlineData("- parallel: [{ runbook: { name: failover } }]", "runbook stands in a group; expected steps only.")]
    [InlineData("- parallel: []", "parallel is empty; expected at least one item.")]
    [InlineData("- parallel: { wait: { for: 1s } }", "parallel is a map; expected a list.")]
    [InlineData("- [wait]", "outer[0] is a list; expected a map.")]
    [InlineData("- wiat: { for: 1s }", "wiat is no kind of step; did you mean 'wait'?")]
    [InlineData("- pralel: [{ wait: { for: 1s } }]", "pralel is no kind of step; did you mean 'parallel'?")]
    public void Item_OfTheWrongShape_IsRefused(string item, string message) => Assert.Contains(
        message, PlanReader.Read(Yaml($"  outer:\n    {item}\n")).Mistakes.Select(mistake => mistake.Message));

    [Fact]
    public void Runbook_ThatBreaksARuleOnlyTogether_IsToldWhereTheOtherWasPutIn()
    {
        var mistake = Assert.Single(PlanReader.Read(Yaml("""
              outer:
                - startWebApp: { region: secondary }
                - runbook: { name: inner }
              inner:
                - restore: { store: files, region: secondary }
            """)).Mistakes);

        Assert.Equal("runbooks.outer[1].runbook", mistake.Path);
        Assert.StartsWith("runbook writes over data of the secondary region", mistake.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<DrFunctions.Recovery.Runbooks.RunbookStep> Read(string runbooks, string name)
    {
        var result = PlanReader.Read(Yaml(runbooks));
        Assert.Empty(result.Mistakes);
        var steps = result.Plan!.Runbooks[name].Steps; // No mistake is a plan.
        Assert.All(steps, step => Assert.IsType<WaitStep>(step));
        return steps;
    }

    private static string Yaml(string runbooks) => Sample.Yaml + runbooks + "\n";
}
