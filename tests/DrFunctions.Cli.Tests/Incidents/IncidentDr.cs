using DrFunctions.Cli.Tests.Api;

namespace DrFunctions.Cli.Tests.Incidents;

/// <summary>Runs command lines against a fake app, with keys.</summary>
internal static class IncidentDr
{
    public static Task<DrOutcome> RunAsync(FakeApp app, params string[] line) =>
        Dr.RunAsync([.. line, "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

    /// <summary>The only request that was made.</summary>
    public static (string Method, string Path) Only(FakeApp app)
    {
        var request = Assert.Single(app.Requests);
        return (request.Method, request.Path);
    }
}
