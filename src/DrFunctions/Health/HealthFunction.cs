using DrFunctions.App.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.App.Health;

/// <summary>The one route without a key: says that the app answers, and nothing that an outsider may not know.</summary>
public sealed class HealthFunction(IConfiguration configuration)
{
    private static readonly string Version = typeof(HealthFunction).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    [Function("Health")]
    public IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        ApiResult.Json(new Body("healthy", configuration["Dr:Region"] ?? "unknown", Version));

    private sealed record Body(string Status, string Region, string Version);
}
