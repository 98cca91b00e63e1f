using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Traffic Manager's refusals: flat bodies, without the wrapper that its specification shows.</summary>
internal static class ProfileErrors
{
    public static ArmRejection BadRequest(string message) => new(400, "BadRequest", message) { Flat = true, ByService = true };

    public static ArmRejection NameTaken(string relativeName) =>
        new(409, "Conflict", NameTakenMessage(relativeName)) { Flat = true, ByService = true };

    public static string NameTakenMessage(string relativeName) =>
        $"Domain name {relativeName}.{TrafficProfile.Zone} already exists. Please choose a different DNS prefix.";

    public static ArmRejection NotFound(string message) => new(404, "NotFound", message) { Flat = true, ByService = true };

    public static ArmRejection EndpointNotFound(string profile, string endpoint) =>
        NotFound($"The endpoint '{endpoint}' does not exist in the profile '{profile}'.");
}
