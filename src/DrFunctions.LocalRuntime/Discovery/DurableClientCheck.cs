using System.Reflection;
using DrFunctions.LocalRuntime.Settings;
using DrFunctions.LocalRuntime.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>Finds durable clients of another hub or storage than the one there is.</summary>
internal sealed class DurableClientCheck(IConfiguration configuration, HostOptions options)
{
    public IEnumerable<string> Problems(ParameterInfo parameter, FunctionPlace place)
    {
        if (parameter.GetCustomAttribute<DurableClientAttribute>() is not { } client)
        {
            yield break;
        }

        var problems = new List<string>();
        var hub = client.TaskHub is { } name ? BindingExpressions.Resolve(name, place.Problem(parameter, "TaskHub"), configuration, problems) : null;
        foreach (var problem in problems)
        {
            yield return problem;
        }

        if (hub is not null && !hub.Equals(options.HubName, StringComparison.OrdinalIgnoreCase))
        {
            yield return place.Problem(parameter, $"TaskHub is '{hub}', expected none or '{options.HubName}' of {HostJsonFile.FileName}: the local runtime has one hub");
        }

        if (client.ConnectionName is { } connection && connection != options.HubConnection)
        {
            yield return place.Problem(parameter, StorageConnection.Find(configuration, connection) is null
                ? $"ConnectionName is '{connection}', and there is no setting of that name"
                : $"ConnectionName is '{connection}', expected none or '{options.HubConnection}': the local runtime has one hub");
        }
    }
}
