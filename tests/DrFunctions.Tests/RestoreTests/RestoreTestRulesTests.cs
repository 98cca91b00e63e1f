using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.RestoreTests;

public sealed class RestoreTestRulesTests
{
    private static readonly DateTimeOffset s_ten = new(2030, 3, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly RestoreTestInput s_job = new("shop", "files", s_ten, 1, "v1", RegionRole.Secondary);
    private static readonly BackupPolicy s_policy =
        new("files", "files", "* * * * *", TimeZoneInfo.Utc) { RestoreTest = new RestoreTestPolicy("0 * * * *", TimeZoneInfo.Utc, TimeSpan.FromDays(30)) };

    [Theory]
    [InlineData(true, true, 120, null)]
    [InlineData(true, true, 121, "the restore test of 2030-03-04 11:00Z has not begun")]
    [InlineData(false, false, 121, "the restore test of 2030-03-04 11:00Z has not begun")]
    [InlineData(true, false, 60 * 24, null)] // It runs.
    [InlineData(true, false, (60 * 24) + 1, "the restore test of 2030-03-04 10:00Z has not ended")]
    public void Check_MinutesAfterTheLastTest_IsOverdue(bool isBegun, bool isClosed, int minutes, string? found)
    {
        var state = new RestoreTestState(1, s_ten, isBegun ? s_job : null, isClosed ? s_ten.AddMinutes(1) : null);

        var findings = RestoreTestRules.Check(s_policy, state, null, s_ten.AddMinutes(minutes));

        Assert.Equal(found is null ? [] : [("DR-DATA-007", found)], findings.Select(finding => (finding.Code, finding.Found)));
    }

    [Theory]
    [InlineData(RestoreTestVerdict.Passed, null)]
    [InlineData(RestoreTestVerdict.Failed, "DR-DATA-005")]
    [InlineData(RestoreTestVerdict.Unknown, "DR-DATA-006")]
    public void Check_WhatTheLastTestShowed_IsSaid(RestoreTestVerdict verdict, string? code) => Assert.Equal(
        code is null ? [] : [code], RestoreTestRules.Check(s_policy, null, Shown(verdict).Sealed(), s_ten).Select(finding => finding.Code));

    [Fact]
    public void Check_EvidenceThatWasChanged_IsNeverGood() => Assert.Equal(
        "DR-DATA-006",
        Assert.Single(RestoreTestRules.Check(s_policy, null, Shown(RestoreTestVerdict.Failed).Sealed() with { Verdict = RestoreTestVerdict.Passed }, s_ten)).Code);

    [Fact]
    public void Check_APolicyWithoutTests_SaysNothing() =>
        Assert.Empty(RestoreTestRules.Check(s_policy with { RestoreTest = null }, null, Shown(RestoreTestVerdict.Failed).Sealed(), s_ten));

    private static RestoreTestEvidence Shown(RestoreTestVerdict verdict) => new(
        1, "shop", "files", s_job.Name, "v1", "files", "northeurope", s_ten, s_ten, verdict, "why", [], 3600, ObjectiveVerdict.Unknown, "nothing", s_ten, RestoreTestEvidence.Genesis);
}
