using DrFunctions.Recovery.HttpCalls;
using DrFunctions.Recovery.Steps.Http;

namespace DrFunctions.Plans.Tests.Sections;

public sealed class HttpSectionTests
{
    private const string Allow = "http: { allow: [{ host: hooks.example.org }, { host: 10.0.0.7, private: true }] }\n";

    [Fact]
    public void Step_OfAnAllowedHost_IsRead()
    {
        var plan = PlanReader.Read(Allow + Sample.WithSteps(
            "http: { url: \"https://Hooks.example.org/moved\", method: PUT, headers: { Authorization: HOOK_TOKEN }, body: \"{}\", expect: [204] }")).Plan;

        Assert.NotNull(plan);
        Assert.Equal([new AllowedHost("hooks.example.org", false), new AllowedHost("10.0.0.7", true)], plan.HttpHosts);
        var step = Assert.IsType<HttpStep>(Assert.Single(plan.Runbooks["failover"].Steps));
        Assert.Equal(("PUT", "{}"), (step.Method, step.Body));
        Assert.Equal("HOOK_TOKEN", step.Headers["Authorization"]);
        Assert.Equal([204], step.Expect);
    }

    [Theory]
    [InlineData("http: { url: https://evil.example.org/ }", "http calls the host 'evil.example.org', which the plan does not allow; expected it in http.allow.")]
    [InlineData("http: { url: \"https://hooks.example.org/?code=s3cret\" }", "url is not shown, because it may hold a secret; expected an absolute http or https URL without user, password, query and fragment.")]
    [InlineData("http: { url: https://hooks.example.org/, headers: { Authorization: Bearer s3cret } }", "Authorization is 'Bearer s3cret'; expected the name of an app setting, letters, digits and '_', and never its value.")]
    [InlineData("http: { url: https://hooks.example.org/, headers: { Host: OTHER } }", "headers has Host, which the call sets itself; expected another header.")]
    [InlineData("http: { url: https://hooks.example.org/, headers: { \"a b\": OTHER } }", "headers has a header that is no header's name; expected a header's name, 1 to 60 letters, digits and '-'.")]
    [InlineData("http: { url: https://hooks.example.org/, method: GET, body: x }", "body is sent with GET, which has none; expected no body, or another method.")]
    [InlineData("http: { url: https://hooks.example.org/, method: SEARCH }", "method is 'SEARCH'; expected one of GET, HEAD, POST, PUT, PATCH, DELETE.")]
    [InlineData("http: { url: https://hooks.example.org/, expect: [20] }", "expect[0] is '20'; expected a whole number, 100 to 599.")]
    public void Step_WithAMistake_IsRefused(string step, string message) =>
        Assert.Equal(message, Sample.OnlyMistake(Allow + Sample.WithSteps(step)).Message);

    [Theory]
    [InlineData("http: {}", "allow is missing; 'httpCalls' needs it.")]
    [InlineData("http: { allow: [{ host: \"https://x/\" }] }", "host is 'https://x/'; expected a host's name or address without scheme, port and path, such as hooks.example.com.")]
    [InlineData("http: { allow: [{ host: a.example }, { host: A.example }] }", "host is 'a.example', as in line 1; expected a name of its own.")]
    [InlineData("http: { allow: [{ host: a.example, private: perhaps }] }", "private is 'perhaps'; expected true or false.")]
    public void Hosts_OfTheWrongShape_AreRefused(string http, string message) =>
        Assert.Equal(message, Sample.OnlyMistake(http + "\n" + Sample.Yaml).Message);
}
