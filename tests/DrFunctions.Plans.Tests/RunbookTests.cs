using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps.Deploy;
using DrFunctions.Recovery.Steps.Restore;
using DrFunctions.Recovery.Workloads;

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

    [Fact]
    public void Read_ASnapshotInThePlan_IsRefusedAndInARetryIsNot()
    {
        var mistake = Sample.OnlyMistake(Sample.With("store: files, region: secondary }", "store: files, region: secondary, snapshot: shop_files_1 }"));
        Assert.Equal(
            ("runbooks.failover[1].restore.snapshot", "snapshot stands in the plan, where every run for ever would use it; expected it in a retry only: dr run retry RUN STEP --set snapshot=…."),
            (mistake.Path, mistake.Message));

        var retried = PlanReader.ReadChanged(Sample.Yaml, "failover", "restore", Fields("snapshot", "shop_files_1"));
        Assert.Equal("shop_files_1", Assert.IsType<RestoreStep>(retried.Plan!.Runbooks["failover"].Steps[1]).Snapshot); // it has no mistake
    }

    [Fact]
    public void ReadApplied_APlanFromBeforeARule_IsReadAndSaysWhatItBreaks()
    {
        var yaml = Sample.With("store: files, region: secondary }", "store: files, region: secondary, snapshot: shop_files_1 }");

        var result = PlanReader.ReadApplied(yaml);

        Assert.Empty(result.Mistakes);
        Assert.Equal(
            new BrokenRule("runbooks.failover[1].restore.snapshot", "snapshot stands in the plan, where every run for ever would use it; expected it in a retry only: dr run retry RUN STEP --set snapshot=…."),
            Assert.Single(result.Plan!.BrokenRules)); // it has no mistake
        Assert.Equal("shop_files_1", Assert.IsType<RestoreStep>(result.Plan.Runbooks["failover"].Steps[1]).Snapshot);
        Assert.Empty(PlanReader.ReadApplied(Sample.Yaml).Plan!.BrokenRules); // the sample is a plan
    }

    [Fact]
    public void ReadApplied_APlanThatCannotBeCarriedOut_IsNoPlan() =>
        Assert.Equal("region is 'primry'; did you mean 'primary'?", Assert.Single(PlanReader.ReadApplied(Sample.With("fence: { region: primary }", "fence: { region: primry }")).Mistakes).Message);

    [Fact]
    public void ReadChanged_APlanFromBeforeARule_IsReadAndMayBreakNoFurtherOne()
    {
        // It restores a snapshot for ever; that a step may take longer than its users is refused all the same.
        var yaml = Sample.WithSteps(
            "fence: { region: primary }", "restore: { store: files, region: secondary, snapshot: shop_files_1 }", "wait: { for: 5m, timeout: 3h }", "shiftTraffic: { to: secondary }");

        Assert.Single(PlanReader.ReadChanged(yaml, "failover", "wait", Fields("for", "10m")).Plan!.BrokenRules); // it is a plan
        var refused = PlanReader.ReadChanged(yaml, "failover", "wait", Fields("for", "2h"));

        Assert.Null(refused.Plan);
        Assert.Equal(
            "failover waits at least 2h by what its steps say, and users may wait 1h (objectives.rto); expected less.", Assert.Single(refused.Mistakes).Message);
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("-0.5e3", "-0.5e3")]
    [InlineData("'5'", "\"5\"")]
    [InlineData("true", "true")]
    [InlineData("FALSE", "false")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("''", "\"\"")]
    [InlineData("it's plain", "\"it's plain\"")]
    [InlineData("[1, a, [true], {}]", "[1,\"a\",[true],{}]")]
    [InlineData("{ a: { b: [0.5] }, 1: é }", "{\"a\":{\"b\":[0.5]},\"1\":\"é\"}")]
    public void Read_AParameterOfATemplate_HasTheTypeThatThePlanWrote(string written, string json)
    {
        var plan = PlanReader.Read(Deploying(written)).Plan;

        Assert.Equal(json, Assert.IsType<DeployStep>(plan!.Runbooks["failover"].Steps[0]).Parameters["value"].GetRawText()); // it has no mistake, or this fails
    }

    [Theory]
    [InlineData("0x1F", "value", "value is the number 0x1F without quotes or unit; expected a number as JSON writes it, such as 5 or 0.5, true, false, a list, a map, or text in quotes.")]
    [InlineData("007", "value", "value is the number 007 without quotes or unit; expected a number as JSON writes it, such as 5 or 0.5, true, false, a list, a map, or text in quotes.")]
    [InlineData("~", "value", "value is empty; expected a number as JSON writes it, such as 5 or 0.5, true, false, a list, a map, or text in quotes.")]
    [InlineData("{ a: [1, .inf] }", "value.a[1]", "a[1] is the number .inf without quotes or unit; expected a number as JSON writes it, such as 5 or 0.5, true, false, a list, a map, or text in quotes.")]
    public void Read_AParameterOfNoType_IsRefused(string written, string path, string message)
    {
        var mistake = Sample.OnlyMistake(Deploying(written));

        Assert.Equal(($"runbooks.failover[0].deploy.parameters.{path}", message), (mistake.Path, mistake.Message));
    }

    [Fact]
    public void Read_AParameterTooLong_IsRefused() => Assert.Equal(
        "value has 4002 characters as JSON; expected at most 4000.", Sample.OnlyMistake(Deploying(new string('a', 4000))).Message);

    private static string Deploying(string parameter) => Sample.WithSteps(
        $"deploy: {{ resourceGroup: /subscriptions/s/resourceGroups/g, link: https://templates.example/a.json, parameters: {{ value: {parameter} }} }}");

    private static Dictionary<string, string> Fields(string name, string value) => new() { [name] = value };

    private static string Mapped(string lines)
    {
        var at = Sample.Yaml.IndexOf("  failover:\n", StringComparison.Ordinal) + "  failover:\n".Length;
        return $"{Sample.Yaml[..at]}    {lines}\n    steps:\n{Sample.Yaml[at..]}";
    }
}
