namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Serves HTTP functions with ASP.NET Core's types.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Serves HTTP functions with ASP.NET Core's types.</summary>
    /// <param name="builder">The app.</param>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ServesHttp = true;
        return builder;
    }
}
