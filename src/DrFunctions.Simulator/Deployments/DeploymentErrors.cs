using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>Refusals and failures of deployments, in Resource Manager's words where they are known.</summary>
internal static class DeploymentErrors
{
    public static ArmRejection InvalidTemplate(string why) => ArmRejection.BadRequest("InvalidTemplate", $"Deployment template validation failed: '{why}'.");

    public static ArmRejection InvalidRequest(string why) => ArmRejection.BadRequest("InvalidRequestContent", "The request content was invalid: " + why);

    public static ArmRejection Failed(string deployment, IEnumerable<JsonObject> details) => new(
        409,
        "DeploymentFailed",
        "At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.")
    {
        Target = deployment,
        Details = [.. details],
    };

    /// <summary>What a provider refused, as a detail.</summary>
    public static JsonObject Refused(string resource, ArmRejection error)
    {
        var detail = error.ToError();
        detail["target"] = resource;
        return detail;
    }

    /// <summary>What a provider accepted and then failed to do, as a detail.</summary>
    public static JsonObject Unsuccessful(string resource, string state, ArmRejection error) => new()
    {
        ["code"] = "ResourceDeploymentFailure",
        ["target"] = resource,
        ["message"] = $"The resource write operation failed to complete successfully, because it reached terminal provisioning state '{state}'.",
        ["details"] = new JsonArray(error.ToError()),
    };

    public static ArmRejection NotFound(string name) => new(404, "DeploymentNotFound", $"Deployment '{name}' could not be found.");

    public static ArmRejection NotRunning(string name, string state) => new(
        409, "DeploymentCannotBeCancelled", $"The deployment '{name}' cannot be cancelled: its provisioning state is '{state}', and only one that is accepted or running can be.");

    public static ArmRejection Canceled(string name) => new(409, "DeploymentCanceled", $"The deployment '{name}' was canceled.");
}
