using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Plans.Tests;

/// <summary>What a runbook says beside its steps, and plans with a changed step.</summary>
public sealed class RunbookTests
{
    [Fact]
    public void Read_AList_PausesForADay()
    {
        var runbook = PlanReader.Read(Sample.Yaml).Plan!.Runbooks["failover"];

        Assert.Equal((FailureRule.Pause, TimeSpan.FromDays(1)), (runbook.OnFailure, runbook.PauseLimit));
        Assert.All(runbook.Steps, step => Assert.Null(step.RunsInDrill));
    }

    [Fact]
    public void Read_AMap_SaysWhatAFailureDoes()
    {
        var runbook = PlanReader.Read(Mapped("onFailure: end\n    pauseLimit: 4h")).Plan!.Runbooks["failover"];

        Assert.Equal((FailureRule.End, TimeSpan.FromHours(4), 5), (runbook.OnFailure, runbook.PauseLimit, runbook.Steps.Count));
    }

    [Theory]
    [InlineData("onFailure: stop", "runbooks.failover.onFailure")]
    [InlineData("pauseLimit: 1s", "runbooks.failover.pauseLimit")]
    [InlineData("pauseLimits: 1h", "runbooks.failover.pauseLimits")]
    public void Read_AMapWithAMistake_NamesIt(string line, string path) =>
        Assert.Contains(PlanReader.Read(Mapped(line)).Mistakes, mistake => mistake.Path == path);

    [Fact]
    public void Read_DrillOfAStep_IsKept()
    {
        var yaml = Sample.Yaml.Replace("store: files, region: secondary }", "store: files, region: secondary, drill: true }", StringComparison.Ordinal);

        Assert.Equal([null, true, null, null, null], PlanReader.Read(yaml).Plan!.Runbooks["failover"].Steps.Select(step => step.RunsInDrill));
    }

    [Theory]
    [InlineData("timeout", "90m")]
    [InlineData("region", "secondary")]
    public void ReadChanged_AFieldOfAStep_ChangesThatStepOnly(string field, string value)
    {
        var before = PlanReader.Read(Sample.Yaml).Plan!.Runbooks["failover"].Steps;

        var after = PlanReader.ReadChanged(Sample.Yaml, "failover", "restore", Fields(field, value)).Plan!.Runbooks["failover"].Steps;

        Assert.Equal(before.Where(step => step.Name != "restore"), after.Where(step => step.Name != "restore"));
        Assert.Equal(field == "timeout" ? TimeSpan.FromMinutes(90) : before[1].Timeout, after[1].Timeout);
    }

    [Theory]
    [InlineData("restore", "timeout", "soon", "timeout")]
    [InlineData("restore", "colour", "red", "colour")]
    [InlineData("fence", "region", "secondary", "runbooks.failover")]
    [InlineData("absent", "timeout", "1m", "has no step 'absent' of its own")]
    public void ReadChanged_WhatNoPlanMaySay_IsRefused(string step, string field, string value, string named)
    {
        var result = PlanReader.ReadChanged(Sample.Yaml, "failover", step, Fields(field, value));

        Assert.Null(result.Plan);
        Assert.Contains(result.Mistakes, mistake => $"{mistake.Path} {mistake.Message}".Contains(named, StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Fields(string name, string value) => new() { [name] = value };

    private static string Mapped(string lines)
    {
        var at = Sample.Yaml.IndexOf("  failover:\n", StringComparison.Ordinal) + "  failover:\n".Length;
        return $"{Sample.Yaml[..at]}    {lines}\n    steps:\n{Sample.Yaml[at..]}";
    }
}
