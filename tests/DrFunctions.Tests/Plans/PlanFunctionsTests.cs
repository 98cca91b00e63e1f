using DrFunctions.App.Deployments;

namespace DrFunctions.App.Plans;

public sealed class PlanFunctionsTests(DeploymentFixture fixture) : IClassFixture<DeploymentFixture>
{
    public static TheoryData<string> HostileNames =>
        ["%2F", "..%2F..%2Flocks", "%2e%2e", "a%5Cb", "Shop", "shop%0A", "shop%20", "%F0%9F%A6%8A", "-", new string('a', 300), "shop%2Fcurrent"];

    [Fact]
    public async Task Apply_Malformed_NamesEveryMistakeWithItsPlace()
    {
        var yaml = fixture.App.Plan.With("rpo: 15m", "rpo: 15x").With("strategy: warm", "strategy: tepid").Yaml;

        var answer = await fixture.Api.PutAsync("api/plans/shop", yaml);

        Assert.Equal((400, "PlanInvalid"), (answer.Status, answer.Code));
        Assert.Equal(
            [(LineOf(yaml, "rpo:"), 8, "objectives.rpo"), (LineOf(yaml, "strategy:"), 11, "strategy")],
            answer.List("error.details").Select(each =>
                (each.GetProperty("line").GetInt32(), each.GetProperty("column").GetInt32(), each.GetProperty("path").GetString()!)));
        Assert.Contains("15x", answer["error.details.0.message"], StringComparison.Ordinal);
        Assert.Contains("hot-standby", answer["error.details.1.message"], StringComparison.Ordinal);
        Assert.Contains("dr plan check", answer["error.hint"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{{{")]
    [InlineData("- a list")]
    [InlineData("workload: shop\n---\nworkload: shop")]
    public async Task Apply_NoPlanAtAll_IsRefusedWithAPlace(string yaml)
    {
        var answer = await fixture.Api.PutAsync("api/plans/shop", yaml);

        Assert.Equal((400, "PlanInvalid"), (answer.Status, answer.Code));
        Assert.NotEmpty(answer.List("error.details"));
    }

    [Fact]
    public async Task Apply_ForAnotherWorkload_IsRefusedWithBothNames()
    {
        var answer = await fixture.Api.PutAsync("api/plans/warehouse", fixture.App.Plan.Yaml);

        Assert.Equal((400, "WorkloadMismatch"), (answer.Status, answer.Code));
        Assert.Equal("workload: the plan is for 'shop', the URL says 'warehouse'.", answer.Message);
        Assert.Equal(404, (await fixture.Api.GetAsync("api/plans/warehouse")).Status);
    }

    [Fact]
    public async Task Apply_TooLarge_IsRefusedWithTheLimit()
    {
        var answer = await fixture.Api.PutAsync("api/plans/shop", fixture.App.Plan.Yaml + new string('#', 256 * 1024));

        Assert.Equal((413, "BodyTooLarge", "The body is larger than 262144 bytes."), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task Apply_NotUtf8_IsRefused()
    {
        var answer = await fixture.Api.PutAsync("api/plans/shop", [0x77, 0xC3, 0x28]);

        Assert.Equal((400, "BodyInvalid", "The body is not UTF-8 text."), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task Apply_Again_ChangesNothingUntilTheTextChanges()
    {
        var workload = fixture.NextWorkload();
        var plan = fixture.App.Plan.For(workload);
        var changed = plan.With("rpo: 15m", "rpo: 20m");

        var first = await fixture.Api.PutAsync($"api/plans/{workload}", plan.Yaml);
        var same = await fixture.Api.PutAsync($"api/plans/{workload}", plan.Yaml);
        var other = await fixture.Api.PutAsync($"api/plans/{workload}", changed.Yaml);
        var back = await fixture.Api.PutAsync($"api/plans/{workload}", plan.Yaml);

        Assert.Equal((201, "v000001"), (first.Status, first["version"]));
        Assert.Equal((200, "v000001"), (same.Status, same["version"]));
        Assert.Equal((201, "v000002"), (other.Status, other["version"]));
        Assert.Equal((201, "v000003"), (back.Status, back["version"]));
        Assert.Equal(plan.Yaml, (await fixture.Api.GetAsync($"api/plans/{workload}"))["yaml"]);
    }

    [Fact]
    public async Task Apply_TenAtOnce_LeavesOneCurrentVersionThatReads()
    {
        var workload = fixture.NextWorkload();
        var plan = fixture.App.Plan.For(workload);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => fixture.Api.PutAsync($"api/plans/{workload}", plan.Yaml)));

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 201, answer.ToString()));
        Assert.Equal("v000001", (await fixture.Api.GetAsync($"api/plans/{workload}"))["version"]);
    }

    [Fact]
    public async Task Apply_WithByteOrderMark_IsRead()
    {
        var workload = fixture.NextWorkload();

        var answer = await fixture.Api.PutAsync($"api/plans/{workload}", "\uFEFF" + fixture.App.Plan.For(workload).Yaml);

        Assert.Equal(201, answer.Status);
    }

    [Fact]
    public async Task Get_BeforeAnything_SaysWhatIsKnownAndWhatIsNot()
    {
        var workload = fixture.NextWorkload();
        await fixture.Api.ApplyAsync(workload, fixture.App.Plan.For(workload).Yaml);

        var plan = await fixture.Api.GetAsync($"api/plans/{workload}");

        Assert.Equal((workload, "v000001", "westeurope", "0"), (plan["workload"], plan["version"], plan["active"], plan["epoch"]));
        Assert.Equal(("900", "3600", "unknown"), (plan["objectives.rpoSeconds"], plan["objectives.rtoSeconds"], plan["rpo.verdict"]));
        Assert.Null(plan.At("rpo.lagSeconds"));
        Assert.Null(plan.At("lock"));
        Assert.Contains(
            (await fixture.Api.GetAsync("api/plans")).List("plans"), each => each.GetProperty("workload").GetString() == workload);
    }

    [Theory]
    [InlineData("GET", "api/plans/nobody")]
    [InlineData("GET", "api/plans/nobody/runs")]
    [InlineData("GET", "api/plans/nobody/incidents")]
    [InlineData("GET", "api/plans/nobody/backups")]
    [InlineData("POST", "api/plans/nobody/runbooks/failover/runs")]
    public async Task AnyRoute_UnknownWorkload_Is404WithAHint(string method, string path)
    {
        var answer = await fixture.Api.SendAsync(new HttpMethod(method), path, null);

        Assert.Equal((404, "PlanNotFound", "There is no plan for 'nobody'."), (answer.Status, answer.Code, answer.Message));
        Assert.Contains("dr plan apply", answer["error.hint"], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task AnyRoute_HostileName_IsRefusedAndWritesNothing(string name)
    {
        var before = await KeysAsync(name);

        string[] reads = [$"api/plans/{name}", $"api/plans/{name}/runs", $"api/plans/{name}/incidents", $"api/plans/{name}/backups"];
        foreach (var path in reads)
        {
            Assert.Equal(404, (await fixture.Api.GetAsync(path)).Status);
        }

        Assert.Equal(404, (await fixture.Api.PostTextAsync($"api/plans/{name}/runbooks/failover/runs", "{}")).Status);
        Assert.Equal(404, (await fixture.Api.PostTextAsync($"api/plans/shop/runbooks/{name}/runs", "{}")).Status);
        Assert.Contains((await fixture.Api.PutAsync($"api/plans/{name}", fixture.App.Plan.Yaml)).Status, new[] { 400, 404, 405 });
        Assert.Equal(before, await KeysAsync(name));
    }

    [Fact]
    public async Task Signals_HostileWorkload_IsRefusedWithTheFieldsName()
    {
        var answer = await fixture.Api.GetAsync("api/signals?workload=..%2Flocks");

        Assert.Equal((400, "FieldInvalid", "workload: '../locks', expected a workload's name."), (answer.Status, answer.Code, answer.Message));
    }

    // What other tests of the class write meanwhile is theirs.
    private async Task<IReadOnlyList<string>> KeysAsync(string name)
    {
        var keys = new List<string>();
        await foreach (var key in fixture.App.Documents.ListAsync("", default))
        {
            if (!key.Contains("shop-", StringComparison.Ordinal))
            {
                keys.Add(key);
            }
        }

        Assert.DoesNotContain(keys, key => key.Contains(Uri.UnescapeDataString(name), StringComparison.Ordinal) && name.Length > 3);
        return keys;
    }

    private static int LineOf(string yaml, string start) =>
        Array.FindIndex(yaml.Split('\n'), line => line.TrimStart().StartsWith(start, StringComparison.Ordinal)) + 1;
}
