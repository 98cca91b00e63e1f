using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Keys;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>The addresses by which whoever started an instance follows and changes it, as the official payload has them.</summary>
internal sealed class ManagementLinks(KeyRing keys, DurableOptions options)
{
    public const string Base = "/runtime/webhooks/durabletask";
    public const string Connection = "AzureWebJobsStorage";

    /// <summary>Whether the key that the addresses carry is known yet.</summary>
    public bool AreKnown => keys.IsLoaded;

    /// <summary>The payload; its addresses carry the system key, so that they can be handed on.</summary>
    public Dictionary<string, string> Of(HttpRequest request, string instanceId)
    {
        var instance = $"{request.Scheme}://{request.Host}{request.PathBase}{Base}/instances/{Uri.EscapeDataString(instanceId)}";
        var query = $"taskHub={options.HubName}&connection={Connection}&code={Uri.EscapeDataString(keys[HostKey.DurableTask])}";
        return new Dictionary<string, string>
        {
            ["id"] = instanceId,
            ["statusQueryGetUri"] = $"{instance}?{query}",
            ["sendEventPostUri"] = $"{instance}/raiseEvent/{{eventName}}?{query}",
            ["terminatePostUri"] = $"{instance}/terminate?reason={{text}}&{query}",
            ["suspendPostUri"] = $"{instance}/suspend?reason={{text}}&{query}",
            ["resumePostUri"] = $"{instance}/resume?reason={{text}}&{query}",
            ["purgeHistoryDeleteUri"] = $"{instance}?{query}",
        };
    }
}
