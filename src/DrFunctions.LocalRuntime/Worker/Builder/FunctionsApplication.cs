namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The start of a function app.</summary>
public class FunctionsApplication
{
    /// <summary>A builder with settings from local.settings.json, the environment and the arguments.</summary>
    /// <param name="args">The command line; <c>--port</c> names the HTTP port.</param>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
