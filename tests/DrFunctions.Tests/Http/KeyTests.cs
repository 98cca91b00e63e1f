using DrFunctions.App.Deployments;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Http;

public sealed class KeyTests(DeploymentFixture fixture) : IClassFixture<DeploymentFixture>
{
    public static TheoryData<string, string, string> Routes => HttpRoutes.All;

    [Fact]
    public void Routes_AllButHealth_AskForAKey()
    {
        Assert.True(HttpRoutes.Found.Length >= 12, $"{HttpRoutes.Found.Length} routes were found");
        Assert.Equal(["Health"], HttpRoutes.Found.Where(each => each.Trigger.AuthLevel == AuthorizationLevel.Anonymous).Select(each => each.Name));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_WithoutOrWithAWrongKey_Is401WithoutABody(string name, string method, string path)
    {
        foreach (var key in new string?[] { null, "wrong", fixture.App.Host.EventGridKey, fixture.App.Host.FunctionKey + "x" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (key is not null)
            {
                request.Headers.Add("x-functions-key", key);
            }

            using var response = await fixture.App.Host.Client.SendAsync(request);
            if (name == "Health")
            {
                Assert.Equal(200, (int)response.StatusCode);
            }
            else
            {
                Assert.Equal((401, ""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_WithItsKeyInTheQuery_IsAdmitted(string name, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{path}?code={Uri.EscapeDataString(fixture.App.Host.FunctionKey)}");
        request.Headers.Add("x-dr-key", Persons.KeyOf(Persons.Everything));
        using var response = await fixture.App.Host.Client.SendAsync(request);

        Assert.True((int)response.StatusCode is 200 or 400 or 404, $"{name}: {(int)response.StatusCode}");
    }

    [Theory]
    [InlineData("POST", "runtime/webhooks/EventGrid?functionName=Alert")]
    [InlineData("POST", "admin/functions/Tick")]
    [InlineData("GET", "admin/functions")]
    [InlineData("GET", "runtime/webhooks/durabletask/instances/x")]
    public async Task SystemRoute_WithTheFunctionKey_Is401(string method, string path)
    {
        Assert.Equal(401, (await fixture.Api.SendAsync(new HttpMethod(method), path, null)).Status);
    }

    [Fact]
    public async Task Health_ByAnyone_SaysNothingThatAnOutsiderMayNotKnow()
    {
        var text = await fixture.App.Host.Client.GetStringAsync("api/health");

        Assert.Equal("""{"status":"healthy","region":"northeurope","version":"0.1.0"}""", text);
    }
}
