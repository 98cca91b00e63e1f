using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>A request that Resource Manager or a provider refuses.</summary>
internal sealed class ArmRejection(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>Whether the error body comes without its wrapper, as Traffic Manager's does.</summary>
    public bool Flat { get; init; }

    /// <summary>Whether the provider refuses and not the gateway before it.</summary>
    public bool ByService { get; init; }

    /// <summary>What it is about, as the error's target; null for none.</summary>
    public string? Target { get; init; }

    /// <summary>The errors below this one.</summary>
    public IReadOnlyList<JsonObject> Details { get; init; } = [];

    /// <summary>The whole body, for a provider whose errors have a form of their own; null for the common one.</summary>
    public JsonObject? OwnBody { get; init; }

    /// <summary>Seconds after which to come again; null for no such header.</summary>
    public int? RetryAfterSeconds { get; init; }

    public static ArmRejection BadRequest(string code, string message) => new(400, code, message);

    public static ArmRejection NotFound(string type, string name, string resourceGroup) => new(
        404,
        "ResourceNotFound",
        $"The Resource '{type}/{name}' under resource group '{resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix");

    /// <summary>A provider's refusal.</summary>
    public static ArmRejection FromService(int status, string code, string message) => new(status, code, message) { ByService = true };

    public JsonObject ToError()
    {
        var error = new JsonObject { ["code"] = Code, ["message"] = Message };
        if (Target is not null)
        {
            error["target"] = Target;
        }

        if (Details.Count > 0)
        {
            error["details"] = new JsonArray([.. Details.Select(detail => detail.DeepClone())]);
        }

        return error;
    }

    public ArmResponse ToResponse() => new(Status, OwnBody?.DeepClone() ?? (Flat ? ToError() : new JsonObject { ["error"] = ToError() }))
    {
        FailureCause = ByService ? "service" : "gateway",
        RetryAfterSeconds = RetryAfterSeconds,
    };
}
