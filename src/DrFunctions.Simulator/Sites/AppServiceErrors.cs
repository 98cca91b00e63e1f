using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Sites;

/// <summary>App Service's refusals: not Resource Manager's form but capitalised members without a wrapper, the message three times.</summary>
internal static class AppServiceErrors
{
    public static ArmRejection BadRequest(string message) => Of(400, "BadRequest", message);

    public static ArmRejection PlanNotFound(string plan) =>
        Of(404, "NotFound", $"Cannot find ServerFarm with name {plan}.", "51004", "Cannot find {0} with name {1}.", "ServerFarm", plan);

    public static ArmRejection NameTaken(string site) =>
        Of(409, "Conflict", $"Website with given name {site} already exists.", "54001", "Website with given name {0} already exists.", site);

    public static ArmRejection PlanInUse(string plan, IEnumerable<string> sites) =>
        Of(409, "Conflict", $"Server farm '{plan}' cannot be deleted because it has web app(s) {string.Join(", ", sites)} assigned to it.");

    private static ArmRejection Of(int status, string code, string message, string? extendedCode = null, string? template = null, params string[] parameters)
    {
        var entity = new JsonObject { ["Code"] = code, ["Message"] = message };
        if (extendedCode is not null)
        {
            entity["ExtendedCode"] = extendedCode;
            entity["MessageTemplate"] = template;
            entity["Parameters"] = new JsonArray([.. parameters.Select(parameter => JsonValue.Create(parameter))]);
            entity["InnerErrors"] = null;
        }

        return new ArmRejection(status, code, message)
        {
            ByService = true,
            OwnBody = new JsonObject
            {
                ["Code"] = code,
                ["Message"] = message,
                ["Target"] = null,
                ["Details"] = new JsonArray([
                    new JsonObject { ["Message"] = message },
                    new JsonObject { ["Code"] = code },
                    new JsonObject { ["ErrorEntity"] = entity }]),
                ["Innererror"] = null,
            },
        };
    }
}
