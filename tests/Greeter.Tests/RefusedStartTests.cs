using System.Diagnostics;

namespace Greeter.Tests;

public sealed class RefusedStartTests
{
    [Fact]
    public async Task Process_WithMistakes_EndsWithOneMessageAndAnExitCode()
    {
        using var process = Start(
            ("AzureFunctionsJobHost__functionTimeout", "soon"),
            ("AzureFunctionsJobHost__extensions__durableTask__hubName", "%Greeter__Hub%"));
        var said = process.StandardError.ReadToEndAsync();
        var logged = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(1, process.ExitCode);
        Assert.Equal(
            """
            The function app cannot start, 2 problems:
              - setting AzureFunctionsJobHost__functionTimeout is 'soon', expected a time span of up to 49 days such as 00:10:00, or -1 for no limit
              - setting AzureFunctionsJobHost__extensions__durableTask__hubName needs the setting 'Greeter__Hub', which is not set: add it to local.settings.json or the environment
            """,
            (await said).Trim(),
            ignoreLineEndingDifferences: true);
        Assert.Equal("", await logged);
    }

    private static Process Start(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(GreetingFunctions).Assembly.Location, "--port", "0"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
    }
}
