using System.Text.Json.Nodes;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>The subscription's key for real user measurements. Writing it makes a new one; nobody measures here.</summary>
internal sealed class UserMetricsKey(SeededSource random)
{
    private string? _key;

    public void Reset() => _key = null;

    public ArmResponse Handle(ArmRequest request)
    {
        if (request.Rest is not [_, var name] || !ArmRouter.Is(name, "default") || request.Scope.SubscriptionId is null)
        {
            throw new ArmRejection(404, "InvalidResourcePath", "The user metrics key is trafficManagerUserMetricsKeys/default of a subscription.");
        }

        switch (request.Method)
        {
            case "GET" or "HEAD":
                return ArmResponse.Ok(Write(_key ?? throw ProfileErrors.NotFound("The subscription has no user metrics key.")));
            case "PUT":
                return new ArmResponse(201, Write(_key = random.NextId("traffic/userMetricsKey").ToString("N")));
            case "DELETE":
                _key = null;
                return new ArmResponse(200);
            default:
                throw request.MethodNotAllowed();
        }
    }

    private static JsonObject Write(string key) => new()
    {
        ["id"] = "/providers/Microsoft.Network/trafficManagerUserMetricsKeys/default",
        ["name"] = "default",
        ["type"] = "Microsoft.Network/trafficManagerUserMetricsKeys",
        ["properties"] = new JsonObject { ["key"] = key },
    };
}
