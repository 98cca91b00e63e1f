using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.KeyVaults;

/// <summary>A refusal as Key Vault words it: <c>{"error":{"code","message","innererror":{"code"}}}</c>.</summary>
internal sealed class VaultRejection(int status, string code, string message, string? inner = null) : Exception(message)
{
    public int Status => status;

    public static VaultRejection KeyNotFound(string key) => new(
        404,
        "KeyNotFound",
        $"A key with (name/id) {key} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command.");

    public static VaultRejection BadParameter(string message) => new(400, "BadParameter", message);

    public JsonObject ToJson()
    {
        var error = new JsonObject { ["code"] = code, ["message"] = Message };
        if (inner is not null)
        {
            error["innererror"] = new JsonObject { ["code"] = inner };
        }

        return new JsonObject { ["error"] = error };
    }
}
