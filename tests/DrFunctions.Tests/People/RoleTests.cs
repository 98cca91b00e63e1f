using DrFunctions.App.Deployments;
using DrFunctions.App.Http;
using DrFunctions.Recovery.People;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.People;

/// <summary>Who may call what.</summary>
public sealed class RoleTests(DeploymentFixture fixture) : IClassFixture<DeploymentFixture>
{
    public static TheoryData<string, string, string> Routes => HttpRoutes.All;

    [Fact]
    public void Functions_ByHttp_DeclareOneRole()
    {
        Assert.Empty(HttpRoutes.Found
            .Where(each => each.Trigger.AuthLevel != AuthorizationLevel.Anonymous && each.Requires is null)
            .Select(each => $"{each.Name}: put [Requires(CallerRole.…)] on its method"));
        Assert.All(HttpRoutes.Found, each => Assert.Equal(each.Requires is null, each.Name == "Health"));
        Assert.All(HttpRoutes.Found, each => Assert.True(each.Requires is null || CallerRoles.TryParse(each.Requires.Role.Name(), out _)));
    }

    [Fact]
    public void Functions_ThatChangeSomething_AskForMoreThanAReader() => Assert.Empty(
        from each in HttpRoutes.Found
        where each.Requires?.Role == CallerRole.Reader && each.Trigger.Methods!.Any(method => method != "get") // each names its methods
        select each.Name);

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_ByEachRole_IsOpenToThoseItIsFor(string name, string method, string path)
    {
        var needed = HttpRoutes.Found.First(each => each.Name == name).Requires?.Role;
        foreach (var person in Persons.Names)
        {
            var answer = await fixture.Api.As(person).SendAsync(new HttpMethod(method), path, null);

            if (needed is not { } role || Persons.RolesOf(person).Allow(role))
            {
                Assert.True(answer.Status is 200 or 400 or 404, $"{name} by {person}: {answer}");
            }
            else
            {
                Assert.Equal((403, "RoleMissing"), (answer.Status, answer.Code));
                Assert.Contains($"{person} (personal key): '{string.Join(", ", Names(person))}', expected '{role.Name()}' for {name}", answer.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_WithTheFunctionKeyAlone_IsNobodysButForAlerts(string name, string method, string path)
    {
        var answer = await fixture.Api.As(null).SendAsync(new HttpMethod(method), path, null);

        if (HttpRoutes.Found.First(each => each.Name == name).Requires?.Role is null or CallerRole.AlertSource)
        {
            Assert.True(answer.Status is 200 or 400, $"{name}: {answer}");
            return;
        }

        Assert.Equal((401, "CallerUnknown"), (answer.Status, answer.Code));
        Assert.Contains("x-dr-key", answer["error.hint"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_Start_ChangesNothing()
    {
        var workload = fixture.NextWorkload();
        await fixture.Api.ApplyAsync(workload, fixture.App.Plan.For(workload).Yaml);

        var answer = await fixture.Api.As("rita").PostAsync($"api/plans/{workload}/runbooks/failover/runs", new { reason = "r" });

        Assert.Equal(403, answer.Status);
        Assert.Null((await fixture.Api.GetAsync($"api/plans/{workload}")).At("lock"));
    }

    private static IEnumerable<string> Names(string person) =>
        CallerRoles.Names.Where(name => CallerRoles.TryParse(name, out var role) && Persons.RolesOf(person).HasFlag(role));
}
