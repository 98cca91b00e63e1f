using System.Globalization;
using DrFunctions.App.Deployments;

namespace DrFunctions.App.Limits;

public sealed class LimitedRequestTests
{
    [Fact]
    public async Task Requests_BeyondTheLimit_Are429WithRetryAfter_AndOthersGoOn()
    {
        await using var app = await Deployment.StartAsync(null, ("Dr__RequestsPerMinute", "5"));
        for (var each = 0; each < 5; each++)
        {
            Assert.Equal(200, (await app.Api.As("rita").GetAsync("api/plans")).Status);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "api/plans");
        request.Headers.Add("x-functions-key", app.Host.FunctionKey);
        request.Headers.Add("x-dr-key", Persons.KeyOf("rita"));
        using var refused = await app.Host.Client.SendAsync(request);
        var body = await refused.Content.ReadAsStringAsync();

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Contains("TooManyRequests", body, StringComparison.Ordinal);
        Assert.InRange(int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1, 12);
        Assert.Equal(200, (await app.Api.As("otto").GetAsync("api/plans")).Status);
    }
}
