using DrFunctions.App.Deployments;

namespace DrFunctions.App.BackupJobs;

/// <summary>Every bad start names the field, the value and what was expected, and starts nothing.</summary>
public sealed class BackupJobRequestTests(DeploymentFixture fixture) : IClassFixture<DeploymentFixture>
{
    [Theory]
    [InlineData("{}", "kind: '', expected one of 'run', 'check', 'copy', 'restore', 'repair'.")]
    [InlineData("""{"kind":"Run","policy":"files"}""", "kind: 'Run', expected one of")]
    [InlineData("""{"kind":"prune","policy":"files"}""", "kind: 'prune' is no job")]
    [InlineData("""{"kind":"run"}""", "policy: '', expected one of 'files'.")]
    [InlineData("""{"kind":"run","policy":"other"}""", "policy: 'other', expected one of 'files'.")]
    [InlineData("""{"kind":"check","policy":"files","region":"mars"}""", "region: 'mars', expected 'westeurope', 'northeurope', or nothing for where users are.")]
    [InlineData("""{"kind":"run","policy":"files","region":"westeurope"}""", "region: given, expected with the kind 'check', 'copy', 'restore' or 'repair'")]
    [InlineData("""{"kind":"check","policy":"files","snapshot":"a"}""", "snapshot: given, expected with the kind 'restore' only.")]
    [InlineData("""{"kind":"check","policy":"files","dryRun":true}""", "dryRun: given, expected with the kind 'repair' only.")]
    [InlineData("""{"kind":"check","policy":"files","useSource":true}""", "useSource: given, expected with the kind 'repair' only.")]
    [InlineData("""{"kind":"check","policy":"files","idempotencyKey":"a b"}""", "idempotencyKey: expected 1 to 64 of A-Z, a-z, 0-9, '-' and '_'.")]
    [InlineData("""{"kind":"restore","policy":"files"}""", "target.connection: '', expected one of 'SHOP_WESTEUROPE_STORAGE', 'SHOP_NORTHEUROPE_STORAGE'.")]
    [InlineData("""{"kind":"restore","policy":"files","target":{"connection":"AzureWebJobsStorage","container":"look-here"}}""", "target.connection: 'AzureWebJobsStorage', expected one of")]
    [InlineData("""{"kind":"restore","policy":"files","target":{"connection":"SHOP_WESTEUROPE_STORAGE","container":"../a"}}""", "target.container: '../a', expected 3 to 63 of a-z, 0-9 and '-'")]
    [InlineData("""{"kind":"restore","policy":"files","target":{"connection":"SHOP_WESTEUROPE_STORAGE","container":"files"}}""", "target.container: 'files' is a store or a repository of the plan")]
    [InlineData("""{"kind":"restore","policy":"files","target":{"connection":"SHOP_NORTHEUROPE_STORAGE","container":"backups"}}""", "target.container: 'backups' is a store or a repository of the plan")]
    [InlineData("""{"kind":"restore","policy":"files","snapshot":"../a","target":{"connection":"SHOP_WESTEUROPE_STORAGE","container":"look-here"}}""", "snapshot: '../a', expected a snapshot's id")]
    [InlineData("""{"kind":"restore","policy":"files","snapshot":"a","at":"2030-01-01T00:00:00Z","target":{"connection":"SHOP_WESTEUROPE_STORAGE","container":"look-here"}}""", "at: given beside snapshot, expected one of the two.")]
    [InlineData("""{"kind":"restore","policy":"files","at":"noon"}""", "'at' is not what is expected")]
    public async Task Start_BadInput_NamesIt(string body, string message)
    {
        var workload = fixture.NextWorkload();
        await fixture.Api.ApplyAsync(workload, fixture.App.Plan.For(workload).Yaml);

        var answer = await fixture.Api.PostTextAsync($"api/plans/{workload}/backups/jobs", body);

        Assert.Equal(400, answer.Status);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
        Assert.Empty((await fixture.Api.GetAsync($"api/plans/{workload}/backups/jobs")).List("jobs"));
    }

    [Fact]
    public async Task Get_NoSuchJob_IsNotFound()
    {
        var workload = fixture.NextWorkload();
        await fixture.Api.ApplyAsync(workload, fixture.App.Plan.For(workload).Yaml);

        var missing = await fixture.Api.GetAsync($"api/plans/{workload}/backups/jobs/20300101000000000-0000abcd");
        var none = await fixture.Api.GetAsync($"api/plans/{workload}/backups/jobs/..%2Fx");

        Assert.Equal((404, "BackupJobNotFound"), (missing.Status, missing.Code));
        Assert.Equal(404, none.Status);
    }
}
