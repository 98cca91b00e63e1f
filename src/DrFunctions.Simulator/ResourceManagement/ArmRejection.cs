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

    /// <summary>Seconds after which to come again; null for no such header.</summary>
    public int? RetryAfterSeconds { get; init; }

    public static ArmRejection BadRequest(string code, string message) => new(400, code, message);

    public static ArmRejection NotFound(string type, string name, string resourceGroup) => new(
        404,
        "ResourceNotFound",
        $"The Resource '{type}/{name}' under resource group '{resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix");

    /// <summary>A provider's refusal.</summary>
    public static ArmRejection FromService(int status, string code, string message) => new(status, code, message) { ByService = true };

    public JsonObject ToError() => new() { ["code"] = Code, ["message"] = Message };

    public ArmResponse ToResponse() => new(Status, Flat ? ToError() : new JsonObject { ["error"] = ToError() })
    {
        FailureCause = ByService ? "service" : "gateway",
        RetryAfterSeconds = RetryAfterSeconds,
    };
}
