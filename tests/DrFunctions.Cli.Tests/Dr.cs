namespace DrFunctions.Cli.Tests;

/// <summary>Runs command lines in this process.</summary>
internal static class Dr
{
    public static async Task<DrOutcome> RunAsync(string[] args, Func<string, string?>? variable = null, Func<CliHost, CliHost>? with = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new CliHost { Out = output, Error = error, Variable = variable ?? (_ => null) };
        var code = await DrCommandLine.RunAsync(args, with?.Invoke(host) ?? host, CancellationToken.None);
        return new DrOutcome(code, output.ToString(), error.ToString());
    }
}

internal sealed record DrOutcome(int Code, string Output, string Error);
