using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Authorization;

/// <summary>The operation that a request is, as roles name it, and where. Pure.</summary>
/// <param name="Action">Such as <c>Microsoft.Web/sites/stop/action</c>.</param>
/// <param name="Scope">The resource; of a list what lies around it.</param>
internal sealed record RequestedAction(string Action, string Scope)
{
    /// <summary>Null for what is no resource of a provider, such as a subscription or a resource group: that is not held against roles.</summary>
    public static RequestedAction? Of(string method, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.FindLastIndex(segments, segment => ArmRouter.Is(segment, "providers"));
        if (at < 0 || ArmPath.TypeOf(method, path) is not { } type)
        {
            return null;
        }

        var names = segments.Length - at - 2;
        var isCall = method == "POST" && names > 1 && names % 2 == 1;
        var scope = isCall || names % 2 == 0 ? segments[..^(isCall ? 1 : 0)] : names == 1 ? segments[..at] : segments[..^1];
        return new RequestedAction(
            method switch
            {
                "POST" => $"{type}/{(isCall ? segments[^1] + "/" : "")}action",
                "GET" or "HEAD" => $"{type}/read",
                "DELETE" => $"{type}/delete",
                _ => $"{type}/write",
            },
            "/" + string.Join('/', scope));
    }
}
