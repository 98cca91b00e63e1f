using DrFunctions.Plans;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.Runs;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>The ready runbooks, from the file to users in the other region: real adapters against the simulated cloud, backups aside.</summary>
public sealed class SampleRunbookTests
{
    private static readonly string s_folder = RepositoryRoot.Combine("samples", "runbooks");

    public static TheoryData<string> Files => [.. Directory.GetFiles(s_folder, "*.yaml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Plan_OfTheSamples_HasNoMistake(string file) => Assert.Empty(PlanReader.Read(File.ReadAllText(Path.Combine(s_folder, file))).Mistakes);

    [Theory]
    [InlineData("cold.yaml", true, "northeurope", "failover")]
    [InlineData("warm.yaml", true, "northeurope", "failover")]
    [InlineData("hot.yaml", true, "northeurope", "failover")]
    [InlineData("switchover.yaml", false, "westeurope", "switchover", "failback")]
    [InlineData("fences.yaml", false, "northeurope", "failover")]
    [InlineData("active-active-weighted.yaml", true, "northeurope", "failover")]
    [InlineData("active-active-geographic.yaml", true, "northeurope", "failover")]
    public async Task Runbook_RunFromStartToEnd_MovesTheUsers(string file, bool isLost, string where, params string[] runbooks)
    {
        await using var scene = await SimulatedRuns.StartAsync(file);
        scene.Core.Leases.Records["shop/writers.json"] = new WriteLeaseRecord(1, 0, "westeurope", "", 30);
        if (isLost)
        {
            await scene.Cloud.SetRegionDarkAsync("westeurope", true);
        }

        foreach (var runbook in runbooks)
        {
            var run = await scene.RunAsync(runbook, isLost ? RunMode.Unplanned : RunMode.Planned);

            Assert.True(run.State == RunState.Completed, $"{runbook}: {run.Steps.FirstOrDefault(step => step.Error is not null)}");
        }

        Assert.Equal(10, await scene.CountUsersAsync(where, 10));
    }
}
